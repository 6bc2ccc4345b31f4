/* SPDX-License-Identifier: Apache-2.0 */
/* The base layer: buffers and bounded readers, text codecs, TLV, secrets, files, configuration. */
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/codec.h"
#include "base/config.h"
#include "base/file.h"
#include "base/log.h"
#include "base/secret.h"
#include "base/tlv.h"
#include "base/write.h"
#include "folder.h"

START_TEST(buf_grows_and_keeps_order)
{
    struct bk_buf buf = BK_BUF_INIT;
    ck_assert_int_eq(bk_buf_put_u16be(&buf, 0x0102), BK_OK);
    ck_assert_int_eq(bk_buf_put_u32le(&buf, 0x06050403), BK_OK);
    for (int i = 0; i < 1000; i++)
        ck_assert_int_eq(bk_buf_put_u8(&buf, 7), BK_OK);
    ck_assert_uint_eq(buf.len, 1006);
    ck_assert_mem_eq(buf.data, "\1\2\3\4\5\6\7", 7);
    ck_assert_int_eq(bk_buf_reserve(&buf, BK_BUF_MAX), BK_ELIMIT);
    bk_buf_free(&buf);
    ck_assert_ptr_null(buf.data);
}
END_TEST

START_TEST(reader_stops_at_the_end)
{
    struct bk_rd rd = bk_rd("\1\2\3", 3);
    uint16_t v = 0;
    uint32_t w = 0;
    ck_assert_int_eq(bk_rd_u16le(&rd, &v), BK_OK);
    ck_assert_uint_eq(v, 0x0201);
    ck_assert_int_eq(bk_rd_u32be(&rd, &w), BK_EFORMAT);
    ck_assert_uint_eq(rd.left, 1);
    ck_assert_int_eq(bk_rd_end(&rd), BK_EFORMAT);
}
END_TEST

START_TEST(base64_is_strict)
{
    static const struct {
        const char *bytes, *text;
    } good[] = {{"", ""},
                {"f", "Zg=="},
                {"fo", "Zm8="},
                {"foo", "Zm9v"},
                {"foob", "Zm9vYg=="},
                {"fooba", "Zm9vYmE="},
                {"foobar", "Zm9vYmFy"}};
    static const char *const bad[] = {
        "Zg", "Zg=", "Zh==", "Zm9=", "Zg==Zg==", "Z===", "====", "Zm 9", "Zm9v\n"};
    struct bk_buf buf = BK_BUF_INIT;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        bk_buf_clear(&buf);
        ck_assert_int_eq(bk_base64_encode(good[i].bytes, strlen(good[i].bytes), &buf), BK_OK);
        ck_assert_uint_eq(buf.len, strlen(good[i].text));
        ck_assert(buf.len == 0 || memcmp(buf.data, good[i].text, buf.len) == 0);
        bk_buf_clear(&buf);
        ck_assert_int_eq(bk_base64_decode(good[i].text, strlen(good[i].text), &buf), BK_OK);
        ck_assert_uint_eq(buf.len, strlen(good[i].bytes));
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        ck_assert_int_eq(bk_base64_decode(bad[i], strlen(bad[i]), &buf), BK_EFORMAT);
    bk_buf_free(&buf);
}
END_TEST

START_TEST(hex_round_trip)
{
    struct bk_buf buf = BK_BUF_INIT;
    ck_assert_int_eq(bk_hex_decode("00fFA5", 6, &buf), BK_OK);
    ck_assert_mem_eq(buf.data, "\x00\xff\xa5", 3);
    ck_assert_int_eq(bk_hex_decode("0g", 2, &buf), BK_EFORMAT);
    ck_assert_int_eq(bk_hex_decode("000", 3, &buf), BK_EFORMAT);
    ck_assert_uint_eq(buf.len, 3);
    ck_assert_int_eq(bk_hex_encode("\x5a", 1, &buf), BK_OK);
    ck_assert_mem_eq(buf.data + 3, "5a", 2);
    bk_buf_free(&buf);
}
END_TEST

START_TEST(utf8_refuses_what_is_not)
{
    ck_assert(bk_utf8_valid("中文 abc 😀", strlen("中文 abc 😀")));
    static const char *const bad[] = {"\xc0\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80",
                                      "\xe4\xb8", "\xff",         "\x80"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        ck_assert(!bk_utf8_valid(bad[i], strlen(bad[i])));
    ck_assert(!bk_utf8_valid("a\0b", 3));
    ck_assert_uint_eq(bk_utf8_cut("中文", 6, 5), 3);
    ck_assert_uint_eq(bk_utf8_cut("中文", 6, 6), 6);
    ck_assert_uint_eq(bk_utf8_cut("中文", 6, 2), 0);
}
END_TEST

START_TEST(text_for_a_terminal_is_plain)
{
    static const char *const texts[][2] = {{"中文 abc 😀", "中文 abc 😀"},
                                           {"a\nb\x1b[2Jc\x7f", "a?b?[2Jc?"},
                                           {"\xc2\x9b\xc2\xa0", "??\xc2\xa0"},
                                           {"\xe4\xb8", "??"},
                                           {"a\u202eb\u2066c", "a???b???c"},
                                           {"\u200e\u200f\u061c", "????????"},
                                           {"\u2028\u2029\u2069", "?????????"},
                                           {"\u200d\u2010\u2065", "\u200d\u2010\u2065"},
                                           {"", ""}};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        char text[64];
        memcpy(text, texts[i][0], strlen(texts[i][0]) + 1);
        ck_assert_int_eq(bk_text_is_plain(text, strlen(text)),
                         strcmp(texts[i][0], texts[i][1]) == 0);
        bk_text_make_plain(text);
        ck_assert_str_eq(text, texts[i][1]);
    }
    ck_assert(!bk_text_is_plain("a\0b", 3));
}
END_TEST

START_TEST(tlv_round_trip_and_lengths)
{
    static const size_t lengths[] = {0, 1, 127, 128, 255, 256, 65535};
    uint8_t *bytes = calloc(1, BK_TLV_MAX + 1);
    ck_assert_ptr_nonnull(bytes);
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        struct bk_buf buf = BK_BUF_INIT;
        struct bk_tlv tlv;
        ck_assert_int_eq(bk_tlv_put(&buf, i % 2 ? 0x9f21 : 0x5a, bytes, lengths[i]), BK_OK);
        ck_assert_int_eq(bk_tlv_put_uint(&buf, 0x81, 256), BK_OK);
        ck_assert_int_eq(bk_tlv_find(buf.data, buf.len, i % 2 ? 0x9f21 : 0x5a, &tlv), BK_OK);
        ck_assert_uint_eq(tlv.len, lengths[i]);
        uint32_t v = 0;
        ck_assert_int_eq(bk_tlv_find(buf.data, buf.len, 0x81, &tlv), BK_OK);
        ck_assert_int_eq(bk_tlv_uint(&tlv, &v), BK_OK);
        ck_assert_uint_eq(v, 256);
        ck_assert_int_eq(bk_tlv_find(buf.data, buf.len, 0x82, &tlv), BK_ENOTFOUND);
        bk_buf_free(&buf);
    }
    struct bk_buf buf = BK_BUF_INIT;
    ck_assert_int_eq(bk_tlv_put(&buf, 0x5a, bytes, BK_TLV_MAX + 1), BK_ELIMIT);
    free(bytes);
}
END_TEST

START_TEST(tlv_refuses_malformed)
{
    static const struct {
        const char *bytes;
        size_t len;
    } bad[] = {
        {"\x5a", 1},             /* no length */
        {"\x5a\x02\x00", 3},     /* value cut */
        {"\x5a\x81\x05", 3},     /* not the shortest length, and cut */
        {"\x5a\x81\x01\x00", 4}, /* not the shortest length */
        {"\x5a\x80\x00\x00", 4}, /* indefinite */
        {"\x9f", 1},             /* tag cut */
        {"\x9f\x01\x00", 3},     /* low number in a long tag */
        {"\x00\x00", 2},         /* tag 0 */
        {"\x5a\x00\x5a\x00", 4}, /* twice */
    };
    struct bk_tlv tlv;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        ck_assert_msg(bk_tlv_find(bad[i].bytes, bad[i].len, 0x5a, &tlv) == BK_EFORMAT, "row %zu",
                      i);
}
END_TEST

START_TEST(secret_equal_needs_bytes)
{
    ck_assert(bk_secret_equal("abc", 3, "abc", 3));
    ck_assert(!bk_secret_equal("abc", 3, "abd", 3));
    ck_assert(!bk_secret_equal("abc", 3, "ab", 2));
    ck_assert(!bk_secret_equal("", 0, "", 0));
    struct bk_secret s = BK_SECRET_INIT;
    ck_assert_int_eq(bk_secret_set(&s, "12345678", 8), BK_OK);
    ck_assert_str_eq((char *)s.data, "12345678");
    bk_secret_free(&s);
    ck_assert_ptr_null(s.data);
}
END_TEST

static char scratch[64];

static void scratch_make(void)
{
    memcpy(scratch, "/tmp/bk-base-XXXXXX", 20);
    ck_assert_ptr_nonnull(mkdtemp(scratch));
}

static void scratch_remove(void)
{
    folder_remove(scratch);
}

START_TEST(file_replace_is_private_and_whole)
{
    char path[96];
    snprintf(path, sizeof path, "%s/a/b", scratch);
    ck_assert_int_eq(bk_file_replace(path, "x", 1, 0600), BK_ENOTFOUND);
    char dir[96];
    snprintf(dir, sizeof dir, "%s/a", scratch);
    ck_assert_int_eq(bk_dir_make(dir), BK_OK);
    ck_assert_int_eq(bk_file_replace(path, "old", 3, 0600), BK_OK);
    ck_assert_int_eq(bk_file_replace(path, "newer", 5, 0600), BK_OK);
    struct stat st;
    ck_assert_int_eq(stat(path, &st), 0);
    ck_assert_int_eq(st.st_mode & 0777, 0600);
    struct bk_buf buf = BK_BUF_INIT;
    ck_assert_int_eq(bk_file_read(path, 4, &buf), BK_ELIMIT);
    ck_assert_int_eq(bk_file_read(path, 5, &buf), BK_OK);
    ck_assert_mem_eq(buf.data, "newer", 5);
    bk_buf_free(&buf);
}
END_TEST

static void file_holds(const char *path, const char *text)
{
    struct bk_buf buf = BK_BUF_INIT;
    ck_assert_int_eq(bk_file_read(path, 100, &buf), BK_OK);
    ck_assert_uint_eq(buf.len, strlen(text));
    ck_assert_mem_eq(buf.data, text, buf.len);
    bk_buf_free(&buf);
}

/* What is beside the file stays, a link stays one, a file keeps its mode, a device is written to.
 */
START_TEST(output_touches_its_file_alone)
{
    struct stat st;
    char got[8];
    int pipe_fd;
    ck_assert_int_eq(chdir(scratch), 0);
    ck_assert_int_eq(bk_file_output("none/out", "x", 1, 0600), BK_ENOTFOUND);
    ck_assert_int_eq(bk_file_output("out.new", "beside", 6, 0644), BK_OK);
    ck_assert_int_eq(bk_file_output("out", "one", 3, 0600), BK_OK);
    ck_assert_int_eq(stat("out", &st), 0);
    ck_assert_int_eq(st.st_mode & 0777, 0600);
    ck_assert_int_eq(chmod("out", 0640), 0);
    ck_assert_int_eq(symlink("out", "link"), 0);
    ck_assert_int_eq(bk_file_output("link", "two", 3, 0600), BK_OK);
    file_holds("out", "two");
    file_holds("out.new", "beside");
    ck_assert_int_eq(stat("out", &st), 0);
    ck_assert_int_eq(st.st_mode & 0777, 0640);
    ck_assert_int_eq(lstat("link", &st), 0);
    ck_assert(S_ISLNK(st.st_mode));
    ck_assert_int_eq(symlink("later", "ahead"), 0);
    ck_assert_int_eq(bk_file_output("ahead", "three", 5, 0600), BK_OK);
    file_holds("later", "three");
    ck_assert_int_eq(mkfifo("pipe", 0600), 0);
    pipe_fd = open("pipe", O_RDWR | O_CLOEXEC);
    ck_assert_int_ge(pipe_fd, 0);
    ck_assert_int_eq(bk_file_output("pipe", "four", 4, 0600), BK_OK);
    ck_assert_int_eq(read(pipe_fd, got, sizeof got), 4);
    ck_assert_int_eq(close(pipe_fd), 0);
    ck_assert_int_eq(stat("pipe", &st), 0);
    ck_assert(S_ISFIFO(st.st_mode));
    ck_assert_int_eq(bk_file_output("/dev/full", "five", 4, 0600), BK_EFULL);
    ck_assert_int_eq(chdir("/"), 0);
}
END_TEST

START_TEST(lock_keeps_others_out)
{
    char path[96];
    snprintf(path, sizeof path, "%s/lock", scratch);
    int a = -1, b = -1;
    ck_assert_int_eq(bk_file_lock(path, 0, &a), BK_OK);
    ck_assert_int_eq(bk_file_lock(path, 0, &b), BK_EBUSY);
    bk_file_unlock(&a);
    ck_assert_int_eq(bk_file_lock(path, 0, &b), BK_OK);
    bk_file_unlock(&b);
}
END_TEST

static enum bk_err parse(struct bk_config *c, const char *text, unsigned *line)
{
    return bk_config_parse(c, text, strlen(text), line);
}

START_TEST(config_last_value_wins)
{
    struct bk_config *c = NULL;
    unsigned line = 0;
    bool b = false;
    unsigned long n = 0;
    ck_assert_int_eq(bk_config_new(&c), BK_OK);
    ck_assert_int_eq(parse(c, "# 注释\n[key]\n a = 1 \nb=yes\n\n[module]\na = two words\n", &line),
                     BK_OK);
    ck_assert_int_eq(parse(c, "[key]\na = 2", &line), BK_OK);
    ck_assert_str_eq(bk_config_get(c, "key", "a", ""), "2");
    ck_assert_str_eq(bk_config_get(c, "module", "a", ""), "two words");
    ck_assert_str_eq(bk_config_get(c, "module", "z", "else"), "else");
    ck_assert_int_eq(bk_config_bool(c, "key", "b", false, &b), BK_OK);
    ck_assert(b);
    ck_assert_int_eq(bk_config_bool(c, "module", "a", false, &b), BK_EFORMAT);
    ck_assert_int_eq(bk_config_uint(c, "key", "a", 1, 9, 5, &n), BK_OK);
    ck_assert_uint_eq(n, 2);
    ck_assert_int_eq(bk_config_uint(c, "key", "a", 3, 9, 5, &n), BK_EFORMAT);
    bk_config_free(&c);
    ck_assert_ptr_null(c);
}
END_TEST

START_TEST(config_finds_what_is_not_known)
{
    struct bk_config *c = NULL;
    struct bk_config_at at = {0};
    unsigned line = 0;
    ck_assert_int_eq(bk_config_new(&c), BK_OK);
    ck_assert_int_eq(parse(c,
                           "[key]\npcsc = no\npscs = no\n[modul]\nsm2-slots = no\n[log]\n"
                           "pcsc = no\n[tool]\nmodule = x\n[platform]\nurl = x\n",
                           &line),
                     BK_OK);
    ck_assert(bk_config_unknown_here(c, &at));
    ck_assert_str_eq(at.section, "key");
    ck_assert_str_eq(at.name, "pscs");
    ck_assert_str_eq(at.file, "");
    ck_assert_uint_eq(at.line, 3);
    ck_assert(bk_config_unknown_here(c, &at));
    ck_assert_str_eq(at.section, "modul");
    ck_assert_uint_eq(at.line, 5);
    ck_assert(bk_config_unknown_here(c, &at));
    ck_assert_str_eq(at.section, "log");
    ck_assert_uint_eq(at.line, 7);
    ck_assert(!bk_config_unknown_here(c, &at));
    bk_config_free(&c);
}
END_TEST

START_TEST(config_names_the_bad_line)
{
    static const char *const bad[] = {"[key]\na\n",   "a = 1\n",    "[key\n",         "[]\n",
                                      "[k]\nA = 1\n", "[k]\n= 1\n", "[k]\na = \xff\n"};
    static const unsigned at[] = {2, 1, 1, 1, 2, 2, 2};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct bk_config *c = NULL;
        unsigned line = 0;
        ck_assert_int_eq(bk_config_new(&c), BK_OK);
        ck_assert_int_eq(parse(c, bad[i], &line), BK_EFORMAT);
        ck_assert_uint_eq(line, at[i]);
        bk_config_free(&c);
    }
}
END_TEST

START_TEST(config_file_from_environment)
{
    char path[96], where[256];
    struct bk_config *c = NULL;
    snprintf(path, sizeof path, "%s/conf", scratch);
    ck_assert_int_eq(setenv("BJCA_CONF", path, 1), 0);
    ck_assert_int_eq(bk_config_load(&c, where, sizeof where), BK_ENOTFOUND);
    ck_assert_ptr_null(c);
    ck_assert_int_eq(bk_file_replace(path, "[key]\nx = y\nbad\n", 16, 0600), BK_OK);
    ck_assert_int_eq(bk_config_load(&c, where, sizeof where), BK_EFORMAT);
    ck_assert_ptr_nonnull(strstr(where, "/conf:3"));
    ck_assert_int_eq(bk_file_replace(path, "[key]\nx = y\n", 12, 0600), BK_OK);
    ck_assert_int_eq(bk_config_load(&c, where, sizeof where), BK_OK);
    ck_assert_str_eq(bk_config_get(c, "key", "x", ""), "y");
    bk_config_free(&c);
}
END_TEST

#define NOBODY 65534

/* Folders of root's and, when it is nobody who asks, of that user's. */
static void put_folder(const char *name, uid_t user, const char *file, mode_t file_mode,
                       mode_t mode)
{
    static const char *const parts[] = {"", "/.config", "/.config/bjca"};
    char path[160];
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        snprintf(path, sizeof path, "%s/%s%s", scratch, name, parts[i]);
        ck_assert_int_eq(mkdir(path, 0755), 0);
        ck_assert_int_eq(chown(path, user, user), 0);
    }
    snprintf(path, sizeof path, "%s/%s/.config/bjca/bjca.conf", scratch, name);
    ck_assert_int_eq(bk_file_replace(path, file, strlen(file), file_mode), BK_OK);
    ck_assert_int_eq(chmod(path, file_mode), 0);
    snprintf(path, sizeof path, "%s/%s/.config", scratch, name);
    ck_assert_int_eq(chmod(path, mode), 0);
}

#define OF_64 "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static const struct {
    const char *variable, *value; /* behind the test's folder, unless it begins with "/dev" */
    enum bk_err want;
    bool unreached;
    const char *x; /* what [key] x is then */
} homes[] = {
    {"HOME", "/dev/null", BK_OK, true, ""},
    {"HOME", "open", BK_OK, false, "y"},
    {"HOME", "missing", BK_OK, false, ""},
    {"HOME", "a-file", BK_OK, true, ""},
    {"HOME", "a-loop", BK_OK, true, ""},
    {"HOME", OF_64 OF_64 OF_64 OF_64, BK_OK, true, ""}, /* longer than a name can be */
    {"HOME", "closed", BK_OK, true, ""},         /* another user's .config */
    {"HOME", "closed/.config", BK_OK, true, ""}, /* another user's home */
    {"XDG_CONFIG_HOME", "closed/.config", BK_OK, true, ""},
    {"HOME", "own-closed", BK_EDENIED, false, ""}, /* may hold what this user has said */
    {"HOME", "own-unreadable", BK_EDENIED, false, ""},
    {"HOME", "unreadable", BK_EDENIED, false, ""}, /* it is there */
    {"HOME", "linked", BK_EDENIED, false, ""},
    {"BJCA_CONF", "closed/.config/bjca/bjca.conf", BK_EDENIED, false, ""},
    {"BJCA_CONF", "/dev/null/conf", BK_EIO, false, ""},
};

static int load_of(const char *variable, const char *value, enum bk_err want, bool unreached,
                   const char *x)
{
    char path[512];
    struct bk_config *c = NULL;
    bool absolute = strncmp(value, "/dev", 4) == 0;
    snprintf(path, sizeof path, "%s%s%s", absolute ? "" : scratch, absolute ? "" : "/", value);
    if (setgroups(0, NULL) != 0 || setresgid(NOBODY, NOBODY, NOBODY) != 0 ||
        setresuid(NOBODY, NOBODY, NOBODY) != 0)
        return 1;
    if (unsetenv("BJCA_CONF") != 0 || unsetenv("XDG_CONFIG_HOME") != 0 ||
        setenv(variable, path, 1) != 0)
        return 2;
    if (bk_config_load(&c, NULL, 0) != want)
        return 3;
    if (!bk_config_unreached(c) != !unreached)
        return 4;
    bool good = strcmp(bk_config_get(c, "key", "x", ""), x) == 0;
    bk_config_free(&c);
    return good ? 0 : 5;
}

/* Needs root, to be another user than the one whose folders they are. */
START_TEST(config_out_of_reach_is_none)
{
    char path[160], target[160];
    ck_assert_int_eq(chmod(scratch, 0755), 0);
    put_folder("open", 0, "[key]\nx = y\n", 0644, 0755);
    put_folder("closed", 0, "[key]\nx = y\n", 0644, 0700);
    put_folder("unreadable", 0, "[key]\nx = y\n", 0600, 0755);
    put_folder("own-closed", NOBODY, "[key]\nx = y\n", 0644, 0);
    put_folder("own-unreadable", NOBODY, "[key]\nx = y\n", 0600, 0755);
    put_folder("linked", NOBODY, "", 0644, 0755);
    snprintf(path, sizeof path, "%s/linked/.config/bjca/bjca.conf", scratch);
    snprintf(target, sizeof target, "%s/closed/.config/bjca/bjca.conf", scratch);
    ck_assert_int_eq(unlink(path), 0);
    ck_assert_int_eq(symlink(target, path), 0);
    snprintf(path, sizeof path, "%s/a-file", scratch);
    ck_assert_int_eq(bk_file_replace(path, "", 0, 0644), BK_OK);
    snprintf(path, sizeof path, "%s/a-loop", scratch);
    ck_assert_int_eq(symlink(path, path), 0);
    pid_t child = fork();
    ck_assert_int_ge(child, 0);
    if (child == 0)
        _exit(load_of(homes[_i].variable, homes[_i].value, homes[_i].want, homes[_i].unreached,
                      homes[_i].x));
    int status = 0;
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert_msg(status == 0, "%s: %x", homes[_i].value, (unsigned)status);
}
END_TEST

START_TEST(log_line_cannot_be_forged)
{
    char path[96];
    snprintf(path, sizeof path, "%s/log", scratch);
    ck_assert_int_eq(bk_log_open(path, BK_LOG_INFO), BK_OK);
    bk_log(BK_LOG_INFO, "one\n%s", "two");
    bk_log(BK_LOG_DEBUG, "not shown");
    bk_log_close();
    bk_log(BK_LOG_INFO, "not shown");
    struct bk_buf buf = BK_BUF_INIT;
    const char *text = NULL;
    ck_assert_int_eq(bk_file_read(path, 4096, &buf), BK_OK);
    ck_assert_int_eq(bk_buf_cstr(&buf, &text), BK_OK);
    ck_assert_ptr_nonnull(strstr(text, "info one?two\n"));
    ck_assert_ptr_null(strstr(text, "not shown"));
    bk_buf_free(&buf);
}
END_TEST

#define LINES 3000 /* more than a pipe takes */

static void *read_slowly(void *path)
{
    static char text[1 << 20];
    size_t len = 0;
    const struct timespec nap = {.tv_nsec = 300000000};
    FILE *f = fopen(path, "re");
    (void)nanosleep(&nap, NULL);
    if (f) {
        len = fread(text, 1, sizeof text - 1, f);
        (void)fclose(f);
    }
    text[len] = 0;
    return text;
}

/* Who reads a daemon's log gets all of it, however busy he is. */
START_TEST(log_of_our_own_program_is_waited_for)
{
    char path[96];
    void *text = NULL;
    pthread_t reader;
    unsigned lines = 0;
    snprintf(path, sizeof path, "%s/fifo", scratch);
    ck_assert_int_eq(mkfifo(path, 0600), 0);
    ck_assert_int_eq(pthread_create(&reader, NULL, read_slowly, path), 0);
    bk_log_own();
    ck_assert_int_eq(bk_log_open(path, BK_LOG_INFO), BK_OK);
    for (unsigned i = 0; i < LINES; i++)
        bk_log(BK_LOG_INFO, "line %u", i);
    bk_log_close();
    ck_assert_int_eq(pthread_join(reader, &text), 0);
    for (const char *at = text; (at = strchr(at, '\n')); at++)
        lines++;
    ck_assert_uint_eq(lines, LINES);
}
END_TEST

/* Whatever is logged, each line is a JSON object that says it. */
START_TEST(log_line_is_json)
{
    char path[96], longest[2048];
    struct bk_buf buf = BK_BUF_INIT;
    const char *text = NULL;
    const struct bk_log_field fields[] = {
        {"route", "/v1/\"x\"\\", 0}, {"status", NULL, 404}, {"bad", "\xff\xe4", 0}};
    memset(longest, 'x', sizeof longest - 1);
    memcpy(longest + 930, "订单订单订单订单订单订单订单", 42);
    longest[sizeof longest - 1] = 0;
    snprintf(path, sizeof path, "%s/log", scratch);
    ck_assert_int_eq(bk_log_open(path, BK_LOG_INFO), BK_OK);
    bk_log_json(true);
    bk_log_fields(BK_LOG_INFO, "request", fields, 3);
    bk_log(BK_LOG_WARN, "订单 \"%s\"", "a\nb");
    bk_log_fields(BK_LOG_ERROR, longest, fields, 3);
    memset(longest, 0x80, sizeof longest - 1); /* no character begins here */
    bk_log_fields(BK_LOG_WARN, longest, fields, 3);
    bk_log_json(false);
    bk_log_fields(BK_LOG_WARN, longest, fields, 3);
    bk_log(BK_LOG_WARN, "%s", longest);
    bk_log_fields(BK_LOG_INFO, "request", fields, 2);
    bk_log_close();
    ck_assert_int_eq(bk_file_read(path, 8192, &buf), BK_OK);
    ck_assert_int_eq(bk_buf_cstr(&buf, &text), BK_OK);
    ck_assert_ptr_nonnull(strstr(text, "\"level\":\"info\",\"message\":\"request\","
                                       "\"route\":\"/v1/\\\"x\\\"\\\\\",\"status\":404,"
                                       "\"bad\":\"??\"}\n"));
    ck_assert_ptr_nonnull(strstr(text, "\"message\":\"订单 \\\"a?b\\\"\"}\n"));
    ck_assert_ptr_nonnull(strstr(text, " info request route=/v1/\"x\"\\ status=404\n"));
    const char *cut = strstr(text, "\"level\":\"error\"");
    ck_assert_ptr_nonnull(cut);
    const char *last = strchr(cut, '\n');
    ck_assert_ptr_nonnull(last);
    ck_assert_mem_eq(last - 2, "\"}", 2);
    ck_assert(bk_utf8_valid(cut, (size_t)(last - cut)));
    bk_buf_free(&buf);
}
END_TEST

static int pending(int number)
{
    sigset_t set;
    ck_assert_int_eq(sigpending(&set), 0);
    return sigismember(&set, number);
}

/* No signal ends the program, and one that waits for it already goes on waiting. */
START_TEST(write_makes_no_signal)
{
    int ends[2];
    sigset_t one, mask;
    (void)signal(SIGPIPE, SIG_DFL);
    ck_assert_int_eq(pipe2(ends, O_CLOEXEC), 0);
    ck_assert_int_eq(close(ends[0]), 0);
    ck_assert_int_eq(bk_write(ends[1], "x", 1), -1);
    ck_assert_int_eq(errno, EPIPE);
    ck_assert_int_eq(pthread_sigmask(SIG_SETMASK, NULL, &mask), 0);
    ck_assert_int_eq(sigismember(&mask, SIGPIPE), 0);
    ck_assert_int_eq(sigemptyset(&one), 0);
    ck_assert_int_eq(sigaddset(&one, SIGPIPE), 0);
    ck_assert_int_eq(pthread_sigmask(SIG_BLOCK, &one, NULL), 0);
    ck_assert_int_eq(bk_write(ends[1], "x", 1), -1);
    ck_assert_int_eq(pending(SIGPIPE), 0);
    ck_assert_int_eq(raise(SIGPIPE), 0);
    ck_assert_int_eq(bk_write(ends[1], "x", 1), -1);
    ck_assert_int_eq(pending(SIGPIPE), 1);
    ck_assert_int_eq(sigwaitinfo(&one, NULL), SIGPIPE);
    ck_assert_int_eq(pthread_sigmask(SIG_UNBLOCK, &one, NULL), 0);
    ck_assert_int_eq(close(ends[1]), 0);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("base");
    TCase *t = tcase_create("bytes");
    tcase_add_test(t, buf_grows_and_keeps_order);
    tcase_add_test(t, reader_stops_at_the_end);
    tcase_add_test(t, base64_is_strict);
    tcase_add_test(t, hex_round_trip);
    tcase_add_test(t, utf8_refuses_what_is_not);
    tcase_add_test(t, tlv_round_trip_and_lengths);
    tcase_add_test(t, tlv_refuses_malformed);
    tcase_add_test(t, secret_equal_needs_bytes);
    tcase_add_test(t, config_last_value_wins);
    tcase_add_test(t, config_finds_what_is_not_known);
    tcase_add_test(t, config_names_the_bad_line);
    suite_add_tcase(s, t);
    TCase *f = tcase_create("files");
    tcase_add_checked_fixture(f, scratch_make, scratch_remove);
    tcase_add_test(f, file_replace_is_private_and_whole);
    tcase_add_test(f, output_touches_its_file_alone);
    tcase_add_test(f, text_for_a_terminal_is_plain);
    tcase_add_test(f, lock_keeps_others_out);
    tcase_add_test(f, config_file_from_environment);
    if (geteuid() == 0)
        tcase_add_loop_test(f, config_out_of_reach_is_none, 0, sizeof homes / sizeof *homes);
    tcase_add_test(f, log_line_cannot_be_forged);
    tcase_add_test(f, log_line_is_json);
    tcase_add_test(f, log_of_our_own_program_is_waited_for);
    tcase_add_test(f, write_makes_no_signal);
    suite_add_tcase(s, f);
    return s;
}

int main(void)
{
    SRunner *runner = srunner_create(suite());
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
