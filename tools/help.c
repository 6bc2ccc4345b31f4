/* SPDX-License-Identifier: Apache-2.0 */
#include "tools/help.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "tools/ui.h"

#define CODE(exit) (1u << (exit))
/* what may happen to whoever asks a key something */
#define KEY_CODES (CODE(EXIT_FAILED) | CODE(EXIT_USAGE) | CODE(EXIT_NO_KEY))
#define PIN_CODES (KEY_CODES | CODE(EXIT_PIN_WRONG) | CODE(EXIT_PIN_LOCKED) | CODE(EXIT_CANCELLED))
#define PLATFORM_CODES (CODE(EXIT_REFUSED) | CODE(EXIT_NETWORK) | CODE(EXIT_UNFINISHED))

static const struct {
    const char *command;
    const char *what; /* one line of the list of commands */
    const char *text;
    unsigned codes; /* exit codes besides EXIT_OK */
} commands[] = {
    {"status", N_("the keys that are plugged in, their PINs and tries"),
     N_("Usage: bjca [OPTION…] status\n\n"
        "Shows every key that is plugged in, or the one that --key names: serial, label,\n"
        "maker, state of the PIN and the tries that are left, unfinished renewals.\n"),
     KEY_CODES},
    {"list", N_("certificates and their validity"),
     N_("Usage: bjca [OPTION…] list\n\n"
        "Shows the certificates on the key, how long they are good, and the PKCS#11 ids\n"
        "under which other programs find them. Certificates of the old generations too.\n"),
     KEY_CODES},
    {"pin", N_("pin change: change the PIN"),
     N_("Usage: bjca [OPTION…] pin change [--pin-fd N] [--new-pin-fd N]\n\n"
        "Changes the PIN: 6 to 16 characters. A new PIN that can't be used costs no try.\n\n"
        "  --pin-fd N        read the present PIN from descriptor N\n"
        "  --new-pin-fd N    read the new PIN from descriptor N\n"),
     PIN_CODES},
    {"unlock", N_("unlock the PIN with an authorisation code"),
     N_("Usage: bjca [OPTION…] unlock [--way WAY] [--phone NUMBER] [--account NUMBER]\n"
        "                              [--contact CONTACT] [--document KIND=FILE]… [--name NAME]\n"
        "                              [--request] [--code-fd N] [--new-pin-fd N]\n\n"
        "Has the platform send an authorisation code to the reserved phone, or to the\n"
        "company's bank account, or when staff have approved documents; then gives the key a\n"
        "new PIN and its tries back. After an interruption run it again with the same code\n"
        "and PIN. For keys that the platform has produced; a key issued by BJCA itself can be\n"
        "unlocked only by BJCA.\n\n"
        "  --way WAY         phone (by SMS); account: in the memo of a transfer of 0.01 yuan\n"
        "                    to the company's account on record, good for three days; or\n"
        "                    documents\n"
        "  --phone NUMBER    the reserved phone, whole number\n"
        "  --account NUMBER  the number of the company's account\n"
        "  --contact CONTACT phone or e-mail address that the code is to go to, of documents\n"
        "  --document KIND=FILE\n"
        "                    a JPEG, PNG or PDF; all of licence, operator-id-front,\n"
        "                    operator-id-back, and letter: an application under the company's\n"
        "                    seal that names the key's serial number and the contact\n"
        "  --name NAME       the name of the phone's holder, or of the company\n"
        "  --request         only ask for a code, also when an earlier one is still open\n"
        "  --code-fd N       read the authorisation code from descriptor N\n"
        "  --new-pin-fd N    read the new PIN from descriptor N\n"),
     KEY_CODES | CODE(EXIT_CANCELLED) | PLATFORM_CODES},
    {"renew", N_("renew a certificate in place"),
     N_("Usage: bjca [OPTION…] renew [--container NAME] [--keep-key] [--yes]\n"
        "                             [--wait SECONDS] [--pin-fd N]\n\n"
        "Makes an order, shows its payment code, has the key make a new key pair, and\n"
        "switches over to the new certificates once they are tried. After an interruption\n"
        "run it again: it goes on with the same order.\n\n"
        "  --container NAME  which certificate, when the key has several\n"
        "  --keep-key        new certificates for the present key pairs\n"
        "  -y, --yes         order without asking\n"
        "  --wait SECONDS    how long to wait for the payment (900)\n"
        "  --pin-fd N        read the PIN from descriptor N\n"),
     PIN_CODES | PLATFORM_CODES},
    {"cms", N_("cms sign, verify, encrypt, decrypt: messages with SM2 (GM/T 0010)"),
     N_("Usage: bjca [OPTION…] cms sign --in FILE --out FILE [--container NAME] [--detached]\n"
        "                                [--pin-fd N]\n"
        "       bjca cms verify --in FILE --trust CA [--content FILE] [--out FILE]\n"
        "       bjca cms encrypt --in FILE --out FILE --to CERT…\n"
        "       bjca [OPTION…] cms decrypt --in FILE --out FILE [--pin-fd N]\n\n"
        "Messages with SM2, SM3 and SM4 by GM/T 0010.\n\n"
        "  --in FILE         what is signed, verified, encrypted or decrypted\n"
        "  --out FILE        where the result goes\n"
        "  --container NAME  which certificate signs, when the key has several\n"
        "  --detached        a signature without what is signed\n"
        "  --trust CA        the CA's certificates (PEM, issuer first, root last)\n"
        "  --content FILE    what was signed, when it isn't in the message\n"
        "  --to CERT         a recipient's encryption certificate; may be given again\n"
        "  --pin-fd N        read the PIN from descriptor N\n"),
     PIN_CODES},
    {"issue", N_("issue request, issue load: put a first certificate on a key"),
     N_("Usage: bjca [OPTION…] issue request --container NAME --type rsa|sm2 --out FILE\n"
        "                                     [--pin-fd N]\n"
        "       bjca [OPTION…] issue load --container NAME --from PREFIX [--pin-fd N]\n\n"
        "For production stations: request makes a container, a key pair and a certificate\n"
        "request; load writes the certificates that the CA has made to the key.\n\n"
        "  --container NAME  the container's name\n"
        "  --type rsa|sm2    the kind of key\n"
        "  --out FILE        where the request goes (PKCS#10, DER)\n"
        "  --from PREFIX     the files PREFIX.sign.der, .enc.der, .env and .chain\n"
        "  --pin-fd N        read the PIN from descriptor N\n"),
     PIN_CODES},
    {"produce", N_("make keys for approved orders, send them, hand them over"),
     N_("Usage: bjca [OPTION…] produce\n"
        "       bjca [OPTION…] produce [--erase] [--shape SHAPE] [--device-key-fd N] ORDER\n"
        "       bjca [OPTION…] produce --courier NAME --tracking NUMBER ORDER\n"
        "       bjca [OPTION…] produce --collected-by NAME [--id-fd N] ORDER\n"
        "       bjca [OPTION…] produce --put-aside REASON ORDER\n\n"
        "For production stations: shows what is to be produced; makes the key that is plugged\n"
        "in for an order, whose PIN the platform sends; tells the platform that a key was\n"
        "sent, or handed over to the operator on the order, or put aside for another one.\n"
        "After an interruption run it again: it goes on. Each logs in as staff.\n\n"
        "  --erase             what is on the key may go\n"
        "  --shape SHAPE       direct or admin-first: how the key is to be unlocked\n"
        "  --device-key-fd N   read the device key of new keys, 32 hex digits, from descriptor N\n"
        "  --courier NAME      who has it\n"
        "  --tracking NUMBER   by which number\n"
        "  --collected-by NAME who stands here, by the identity document\n"
        "  --id-fd N           read that document's number from descriptor N\n"
        "  --put-aside REASON  the key is broken or lost; its certificates are revoked\n"
        "  --staff NAME        the account\n"
        "  --password-fd N     read its password from descriptor N\n"
        "  --totp-fd N         read the one-time code from descriptor N\n"),
     KEY_CODES | CODE(EXIT_CANCELLED) | PLATFORM_CODES},
};

static const char *const exits[] = {
    [EXIT_OK] = N_("done"),
    [EXIT_FAILED] = N_("failed for another reason"),
    [EXIT_USAGE] = N_("the words of the call, the configuration or the new PIN are wrong"),
    [EXIT_NO_KEY] = N_("no key, or not the one asked for"),
    [EXIT_PIN_WRONG] = N_("wrong PIN"),
    [EXIT_PIN_LOCKED] = N_("the PIN is locked"),
    [EXIT_REFUSED] = N_("the platform refused"),
    [EXIT_NETWORK] = N_("the platform can't be reached, or its identity isn't proved"),
    [EXIT_CANCELLED] = N_("stopped by the user"),
    [EXIT_UNFINISHED] = N_("not finished: run it again"),
};

int help_all(void)
{
    (void)printf("%s", _("Usage: bjca [OPTION…] COMMAND [OPTION…]\n\nCommands:\n"));
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        (void)printf("  %-8s %s\n", commands[i].command, _(commands[i].what));
    (void)printf("%s", _("\nOptions:\n"
                         "  --key SERIAL      which key, when several are plugged in\n"
                         "  --platform URL    the platform (else [platform] url in bjca.conf)\n"
                         "  --ca FILE         certificates that vouch for the platform (PEM)\n"
                         "  --module FILE     the PKCS#11 module\n"
                         "  --json            the result as JSON on standard output\n"
                         "  -q, --quiet       no progress\n"
                         "  -h, --help        this; behind a command: its own options\n"
                         "  --version\n\n"
                         "Secrets are asked for on the terminal, or read from a descriptor\n"
                         "(--pin-fd, --new-pin-fd, --code-fd). See bjca(1).\n"));
    return EXIT_OK;
}

int help_command(const char *command)
{
    size_t i = 0;
    while (strcmp(commands[i].command, command) != 0)
        i++;
    (void)printf("%s%s", _(commands[i].text), _("\nExit codes:\n"));
    for (unsigned code = 0; code < sizeof exits / sizeof *exits; code++)
        if (code == EXIT_OK || commands[i].codes & CODE(code))
            (void)printf("  %u  %s\n", code, _(exits[code]));
    (void)printf("%s", _("\nOptions before the command: bjca --help. More: bjca(1).\n"));
    return EXIT_OK;
}

bool help_wanted(int argc, char **argv)
{
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)
            return true;
    return false;
}
