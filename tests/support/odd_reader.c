/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A driver for pcscd (ifdhandler.h), of a reader that is out of order. Its DEVICENAME is a file
 * that says how: `empty`; `mute`, with a card in it that doesn't power up; `bad`, without an answer
 * to whether there is one; `deaf`, with one that powers up and answers no command; `other`, with
 * one that speaks neither T=0 nor T=1. How often these got their power stands in a file beside it.
 */
#include <ifdhandler.h>
#include <stdio.h>
#include <string.h>

static char mode_file[4096];

static char mode(void)
{
    FILE *f = fopen(mode_file, "re");
    int c = f ? fgetc(f) : 'e';
    if (f)
        (void)fclose(f);
    return (char)c;
}

/* A byte each time, in a file beside that one. */
static void note_power(void)
{
    char path[sizeof mode_file + 8];
    (void)snprintf(path, sizeof path, "%s.power", mode_file);
    FILE *f = fopen(path, "ae");
    if (f) {
        (void)fputc('+', f);
        (void)fclose(f);
    }
}

RESPONSECODE IFDHCreateChannelByName(DWORD lun, LPSTR name)
{
    (void)lun;
    (void)snprintf(mode_file, sizeof mode_file, "%s", name);
    return IFD_SUCCESS;
}

RESPONSECODE IFDHCreateChannel(DWORD lun, DWORD channel)
{
    (void)lun, (void)channel;
    return IFD_NOT_SUPPORTED;
}

RESPONSECODE IFDHCloseChannel(DWORD lun)
{
    (void)lun;
    return IFD_SUCCESS;
}

RESPONSECODE IFDHGetCapabilities(DWORD lun, DWORD tag, PDWORD len, PUCHAR value)
{
    (void)lun;
    if (tag != TAG_IFD_SLOTS_NUMBER && tag != TAG_IFD_SIMULTANEOUS_ACCESS)
        return IFD_ERROR_TAG;
    *value = 1;
    *len = 1;
    return IFD_SUCCESS;
}

RESPONSECODE IFDHSetCapabilities(DWORD lun, DWORD tag, DWORD len, PUCHAR value)
{
    (void)lun, (void)tag, (void)len, (void)value;
    return IFD_ERROR_TAG;
}

RESPONSECODE IFDHSetProtocolParameters(DWORD lun, DWORD protocol, UCHAR flags, UCHAR pts1,
                                       UCHAR pts2, UCHAR pts3)
{
    (void)lun, (void)protocol, (void)flags, (void)pts1, (void)pts2, (void)pts3;
    return IFD_SUCCESS;
}

RESPONSECODE IFDHPowerICC(DWORD lun, DWORD action, PUCHAR atr, PDWORD len)
{
    static const UCHAR plain[] = {0x3b, 0x00}, other[] = {0x3b, 0x80, 0x02};
    char m = mode();
    (void)lun;
    *len = 0;
    if (action == IFD_POWER_DOWN)
        return IFD_SUCCESS;
    if (m != 'd' && m != 'o')
        return IFD_ERROR_POWER_ACTION;
    *len = m == 'd' ? sizeof plain : sizeof other;
    memcpy(atr, m == 'd' ? plain : other, *len);
    note_power();
    return IFD_SUCCESS;
}

RESPONSECODE IFDHTransmitToICC(DWORD lun, SCARD_IO_HEADER send, PUCHAR command, DWORD command_len,
                               PUCHAR answer, PDWORD len, PSCARD_IO_HEADER receive)
{
    (void)lun, (void)send, (void)command, (void)command_len, (void)answer, (void)receive;
    *len = 0;
    return IFD_COMMUNICATION_ERROR;
}

RESPONSECODE IFDHControl(DWORD lun, DWORD code, PUCHAR in, DWORD in_len, PUCHAR out, DWORD size,
                         LPDWORD len)
{
    (void)lun, (void)code, (void)in, (void)in_len, (void)out, (void)size;
    *len = 0;
    return IFD_ERROR_NOT_SUPPORTED;
}

RESPONSECODE IFDHICCPresence(DWORD lun)
{
    (void)lun;
    switch (mode()) {
    case 'm':
    case 'd':
    case 'o':
        return IFD_ICC_PRESENT;
    case 'b':
        return IFD_COMMUNICATION_ERROR;
    default:
        return IFD_ICC_NOT_PRESENT;
    }
}
