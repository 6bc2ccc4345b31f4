/* SPDX-License-Identifier: Apache-2.0 */
/* Documents: what a file is by its content, and how it is kept, shared and dropped. */
#include <check.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "runner.h"
#include "server/filetype.h"
#include "server/ident.h"
#include "server/order.h"
#include "server/upload.h"
#include "server/upload_folder.h"
#include "serverhost.h"

/* SOI, APP0, SOF0, DHT, SOS, data with a stuffed FF and a restart, EOI */
static const uint8_t jpeg[] = {0xff, 0xd8, 0xff, 0xe0, 0,    4,    1,    2,    0xff, 0xff, 0xc0, 0,
                               5,    8,    0,    1,    0xff, 0xc4, 0,    3,    7,    0xff, 0xda, 0,
                               3,    1,    9,    0xff, 0,    8,    0xff, 0xd0, 7,    0xff, 0xd9};
/* IHDR, IDAT, IEND of a grey pixel */
static const uint8_t png[] = {
    0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00, 0x00, 0x00, 0x0d, 0x49, 0x48,
    0x44, 0x52, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x01, 0x08, 0x00, 0x00, 0x00,
    0x00, 0x3a, 0x7e, 0x9b, 0x55, 0x00, 0x00, 0x00, 0x0a, 0x49, 0x44, 0x41, 0x54, 0x78,
    0x9c, 0x63, 0x60, 0x00, 0x00, 0x00, 0x02, 0x00, 0x01, 0x48, 0xaf, 0xa4, 0x71, 0x00,
    0x00, 0x00, 0x00, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82};
static const char pdf[] = "%PDF-1.4\n1 0 obj\n<< >>\nendobj\nxref\n0 1\ntrailer\n<< >>\n"
                          "startxref\n31\n%%EOF\n";

static enum bk_filetype type_of(const void *data, size_t len)
{
    return bk_filetype_of(data, len);
}

START_TEST(whole_files_are_told_by_their_content)
{
    ck_assert_int_eq(type_of(jpeg, sizeof jpeg), BK_FILE_JPEG);
    ck_assert_int_eq(type_of(png, sizeof png), BK_FILE_PNG);
    ck_assert_int_eq(type_of(pdf, sizeof pdf - 1), BK_FILE_PDF);
    ck_assert_str_eq(bk_filetype_name(BK_FILE_PDF), "application/pdf");
    ck_assert_ptr_null(bk_filetype_name(BK_FILE_OTHER));
    uint8_t longer[sizeof jpeg + 3] = {0}; /* as some cameras write them */
    memcpy(longer, jpeg, sizeof jpeg);
    ck_assert_int_eq(type_of(longer, sizeof longer), BK_FILE_JPEG);
}
END_TEST

START_TEST(cut_files_are_not)
{
    for (size_t n = 0; n < sizeof jpeg; n++)
        ck_assert_msg(type_of(jpeg, n) == BK_FILE_OTHER, "JPEG of %zu", n);
    for (size_t n = 0; n < sizeof png; n++)
        ck_assert_msg(type_of(png, n) == BK_FILE_OTHER, "PNG of %zu", n);
    for (size_t n = 0; n + 2 < sizeof pdf - 1; n++) /* but for its last line end */
        ck_assert_msg(type_of(pdf, n) == BK_FILE_OTHER, "PDF of %zu", n);
}
END_TEST

START_TEST(changed_png_is_found_anywhere)
{
    for (size_t i = 0; i < sizeof png; i++) {
        uint8_t changed[sizeof png];
        memcpy(changed, png, sizeof png);
        changed[i] ^= 1;
        ck_assert_msg(type_of(changed, sizeof changed) == BK_FILE_OTHER, "byte %zu", i);
    }
}
END_TEST

START_TEST(other_things_are_none)
{
    static const char *const texts[] = {
        "",
        "GIF89a",
        "PK\x03\x04",
        "<html>%PDF-1.4 startxref 31 %%EOF",
        "%PDF-1.4\n                        startxref\n999\n%%EOF\n",
        "%PDF-1.4\n                        startxref\n0\n%%EOF\n",
        "%PDF-1.4\n                        startxref\n\n%%EOF\n",
        "%PDF-1.4\n                        31\n%%EOF\n",
        "%PDF-9.4\n                        startxref\n31\n%%EOF\n",
        "%PDF-1.4\n                        startxref\n99999999999999999999931\n%%EOF\n"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        ck_assert_msg(type_of(texts[i], strlen(texts[i])) == BK_FILE_OTHER, "%s", texts[i]);
    static const uint8_t no_scan[] = {0xff, 0xd8, 0xff, 0xc0, 0, 5, 8, 0, 1, 0xff, 0xd9};
    static const uint8_t no_frame[] = {0xff, 0xd8, 0xff, 0xda, 0, 2, 1, 0xff, 0xd9};
    static const uint8_t short_segment[] = {0xff, 0xd8, 0xff, 0xe0, 0, 1, 0xff, 0xd9};
    ck_assert_int_eq(type_of(no_scan, sizeof no_scan), BK_FILE_OTHER);
    ck_assert_int_eq(type_of(no_frame, sizeof no_frame), BK_FILE_OTHER);
    ck_assert_int_eq(type_of(short_segment, sizeof short_segment), BK_FILE_OTHER);
}
END_TEST

/* --- kept --- */

static char uploads[128];

static void add_order(struct bk_tx *tx, char id[27])
{
    const struct bk_audit who = {.actor = "system", .address = ""};
    struct bk_order order = {.state = BK_ORDER_VERIFIED, .version = 1, .type = "new"};
    ck_assert_int_eq(bk_ulid(order.id), BK_OK);
    ck_assert_int_eq(bk_order_add(tx, &order, &who), BK_OK);
    (void)snprintf(id, 27, "%s", order.id);
}

static void put(const char *order, const char *kind, const char *text, char digest[65])
{
    struct bk_upload u = {.data = text, .len = strlen(text), .type = "image/png", .lock = -1};
    struct bk_tx *tx = serverhost_begin();
    ck_assert_int_eq(bk_upload_plan(&host.app, tx, &u, 1000), BK_OK);
    serverhost_commit(tx);
    ck_assert_int_eq(bk_upload_write(&host.app, &u), BK_OK);
    tx = serverhost_begin();
    ck_assert_int_eq(bk_upload_attach(&host.app, tx, &u, order, kind, 1000), BK_OK);
    serverhost_commit(tx);
    bk_upload_done(&u);
    (void)snprintf(digest, 65, "%s", u.digest);
}

static bool is_there(const char *digest)
{
    char path[256];
    struct stat st;
    (void)snprintf(path, sizeof path, "%s/%.2s/%s", uploads, digest, digest + 2);
    if (stat(path, &st) != 0)
        return false;
    ck_assert_uint_eq(st.st_mode & 0777, 0600);
    return true;
}

static enum bk_err try_drop(const char *digest)
{
    json_t *payload = json_pack("{s:s}", "digest", digest);
    const struct bk_outbox_item item = {.id = "I", .kind = "upload-drop", .payload = payload};
    enum bk_err err = bk_upload_drop(&host.app, &item);
    json_decref(payload);
    return err;
}

static void drop(const char *digest)
{
    ck_assert_int_eq(try_drop(digest), BK_OK);
}

static void open_host(void)
{
    char why[400];
    serverhost_open();
    (void)snprintf(uploads, sizeof uploads, "%s/uploads", host.folder);
    host.app.uploads = uploads;
    ck_assert_int_eq(bk_upload_folder_open(&host.app, why, sizeof why), BK_OK);
}

START_TEST(a_file_is_sealed_shared_and_dropped)
{
    char one[27], two[27], a[65], b[65], again[65];
    struct bk_buf read = BK_BUF_INIT, raw = BK_BUF_INIT;
    char path[256];
    struct bk_rows rows = BK_ROWS_INIT;
    struct bk_tx *tx = serverhost_begin();
    add_order(tx, one);
    add_order(tx, two);
    serverhost_commit(tx);
    put(one, "licence", "content one", a);
    put(two, "seal-sheet", "content one", again);
    ck_assert_str_eq(a, again);
    (void)snprintf(path, sizeof path, "%s/%.2s/%s", uploads, a, a + 2);
    ck_assert_int_eq(bk_file_read(path, 4096, &raw), BK_OK);
    ck_assert_ptr_null(memmem(raw.data, raw.len, "content", 7));
    ck_assert_int_eq(bk_upload_read(&host.app, a, &read), BK_OK);
    ck_assert_uint_eq(read.len, 11);
    ck_assert_mem_eq(read.data, "content one", 11);
    put(one, "licence", "content two", b); /* in its place */
    drop(a);
    ck_assert(is_there(a)); /* the other order has it */
    put(two, "seal-sheet", "content two", again);
    drop(a);
    ck_assert(!is_there(a) && is_there(b));
    ck_assert_int_eq(bk_upload_read(&host.app, a, &read), BK_ENOTFOUND);
    tx = serverhost_begin();
    ck_assert_int_eq(bk_upload_list(tx, one, &rows), BK_OK);
    ck_assert_uint_eq(rows.count, 1);
    ck_assert_str_eq(bk_row_text(&rows, 0, 0), "licence");
    ck_assert_str_eq(bk_row_text(&rows, 0, 3), b);
    /* each was to be dropped when it was uploaded, and when it was replaced */
    ck_assert_int_eq(
        bk_tx_get(tx, "SELECT count(*) FROM outbox WHERE kind = 'upload-drop'", BK_NO_VALS, &rows),
        BK_OK);
    ck_assert_int_eq(bk_row_int(&rows, 0, 0), 4 + 2);
    bk_tx_rollback(&tx);
    bk_rows_free(&rows);
    bk_buf_free(&read);
    bk_buf_free(&raw);
}
END_TEST

START_TEST(what_nobody_took_is_dropped)
{
    char order[27], a[65];
    struct bk_upload u = {.data = "x", .len = 1, .type = "image/png", .lock = -1};
    struct bk_tx *tx = serverhost_begin();
    add_order(tx, order);
    ck_assert_int_eq(bk_upload_plan(&host.app, tx, &u, 1000), BK_OK);
    serverhost_commit(tx);
    ck_assert_int_eq(bk_upload_write(&host.app, &u), BK_OK);
    ck_assert(is_there(u.digest));
    bk_upload_done(&u); /* cut before it was the order's */
    drop(u.digest);
    ck_assert(!is_there(u.digest));
    put(order, "licence", "x", a);
    ck_assert(is_there(a));
}
END_TEST

START_TEST(another_file_in_its_place_is_found)
{
    char order[27], a[65], b[65], from[256], to[256];
    struct bk_buf read = BK_BUF_INIT, raw = BK_BUF_INIT;
    bool sealed = true;
    struct bk_tx *tx = serverhost_begin();
    add_order(tx, order);
    serverhost_commit(tx);
    put(order, "licence", "one", a);
    put(order, "seal-sheet", "two", b);
    (void)snprintf(from, sizeof from, "%s/%.2s/%s", uploads, a, a + 2);
    (void)snprintf(to, sizeof to, "%s/%.2s/%s", uploads, b, b + 2);
    ck_assert_int_eq(bk_file_read(from, 4096, &raw), BK_OK);
    ck_assert_int_eq(bk_upload_reseal(&host.app, a, &sealed), BK_OK);
    ck_assert(!sealed);
    ck_assert_int_eq(bk_escrow_rotate(host.app.escrow), BK_OK);
    ck_assert_int_eq(bk_upload_reseal(&host.app, a, &sealed), BK_OK);
    ck_assert(sealed);
    ck_assert_int_eq(bk_upload_read(&host.app, a, &read), BK_OK);
    ck_assert_int_eq(bk_file_replace(to, raw.data, raw.len, 0600), BK_OK);
    ck_assert_int_eq(bk_upload_read(&host.app, b, &read), BK_EVERIFY);
    bk_buf_free(&read);
    bk_buf_free(&raw);
}
END_TEST

START_TEST(what_was_let_go_of_stays_an_hour)
{
    char order[27], a[65], b[65];
    struct bk_tx *tx = serverhost_begin();
    add_order(tx, order);
    serverhost_commit(tx);
    put(order, "licence", "one", a);
    put(order, "licence", "two", b);
    tx = serverhost_begin(); /* an hour of an earlier upload is over just now */
    ck_assert_int_eq(bk_upload_unused(&host.app, tx, a, bk_now_ms()), BK_OK);
    serverhost_commit(tx);
    ck_assert_int_eq(try_drop(a), BK_EBUSY);
    ck_assert(is_there(a));
    tx = serverhost_begin();
    ck_assert_int_eq(bk_upload_unused(&host.app, tx, a, bk_now_ms() - 3600 * 1000), BK_OK);
    serverhost_commit(tx);
    drop(a);
    ck_assert(!is_there(a) && is_there(b));
}
END_TEST

static int64_t drops_of(const char *digest)
{
    char like[80];
    struct bk_rows rows = BK_ROWS_INIT;
    struct bk_tx *tx = serverhost_begin();
    (void)snprintf(like, sizeof like, "upload-drop:%s:%%", digest);
    ck_assert_int_eq(bk_tx_get(tx, "SELECT count(*) FROM outbox WHERE dedupe LIKE $1",
                               BK_VALS(bk_text(like)), &rows),
                     BK_OK);
    int64_t count = bk_row_int(&rows, 0, 0);
    bk_tx_rollback(&tx);
    bk_rows_free(&rows);
    return count;
}

#define SLOT INT64_C(600000)
#define LATER (SLOT * 256 * 1000)

START_TEST(what_nobody_has_is_swept)
{
    char order[27], a[65], gone[65], stray[65], path[256];
    struct bk_tx *tx = serverhost_begin();
    add_order(tx, order);
    serverhost_commit(tx);
    put(order, "seal-sheet", "one", a);
    put(order, "licence", "two", gone);
    put(order, "licence", "one", a);
    (void)snprintf(stray, sizeof stray, "%.2s%062d", a, 7);
    (void)snprintf(path, sizeof path, "%s/%.2s/%s", uploads, stray, stray + 2);
    ck_assert_int_eq(bk_file_replace(path, "x", 1, 0600), BK_OK);
    for (int64_t i = 0; i < 149; i++) /* within a day and an hour it is on its way */
        ck_assert_int_eq(bk_upload_sweep(&host.app, i * SLOT), BK_OK);
    ck_assert_int_eq(drops_of(gone), 2); /* uploaded, replaced */
    for (int64_t i = 0; i < 256; i++)
        ck_assert_int_eq(bk_upload_sweep(&host.app, LATER + i * SLOT), BK_OK);
    ck_assert_int_eq(drops_of(gone), 3);
    ck_assert_int_gt(drops_of(stray), 0);
    ck_assert_int_eq(drops_of(a), 2); /* when it was uploaded */
    drop(stray);
    drop(gone);
    drop(a);
    ck_assert(!is_there(stray) && !is_there(gone) && is_there(a));
}
END_TEST

/* --- whose the folder is --- */

static const char *in_folder(const char *folder, const char *name)
{
    static char path[400];
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static bool holds(const char *folder, const char *name)
{
    struct stat st;
    return stat(in_folder(folder, name), &st) == 0;
}

static void write_line(const char *name, const char *text)
{
    ck_assert_int_eq(bk_file_replace(in_folder(uploads, name), text, strlen(text), 0600), BK_OK);
}

static enum bk_err open_folder(void)
{
    char why[400];
    return bk_upload_folder_open(&host.app, why, sizeof why);
}

static void no_id(void)
{
    struct bk_tx *tx = serverhost_begin();
    ck_assert_int_eq(bk_tx_exec(tx, "DELETE FROM upload_folder", BK_NO_VALS, NULL), BK_OK);
    serverhost_commit(tx);
}

START_TEST(a_folder_is_one_databases)
{
    char id[27], other[200], why[400];
    (void)snprintf(id, sizeof id, "%s", host.app.uploads_id);
    ck_assert_uint_eq(strlen(id), 26);
    ck_assert_int_eq(open_folder(), BK_OK);
    ck_assert_str_eq(host.app.uploads_id, id);
    (void)snprintf(other, sizeof other, "%s/other", host.folder);
    host.app.uploads = other;
    ck_assert_int_eq(bk_upload_folder_open(&host.app, why, sizeof why), BK_ESTATE);
    ck_assert_ptr_nonnull(strstr(why, other));
    ck_assert_ptr_nonnull(strstr(why, id));
    ck_assert(!holds(host.folder, "other"));
    host.app.uploads = uploads;
    no_id(); /* as another database */
    ck_assert_int_eq(bk_upload_folder_open(&host.app, why, sizeof why), BK_EEXISTS);
    ck_assert_ptr_nonnull(strstr(why, "another database"));
}
END_TEST

START_TEST(a_claim_that_was_cut_is_made_again)
{
    char line[28];
    (void)snprintf(line, sizeof line, "%s\n", host.app.uploads_id);
    /* behind the transaction */
    ck_assert_int_eq(bk_file_remove(in_folder(uploads, "database")), BK_OK);
    ck_assert_int_eq(open_folder(), BK_ESTATE);
    write_line("database-claim", "01J0000000000000000000000X\n");
    ck_assert_int_eq(open_folder(), BK_ESTATE);
    write_line("database-claim", line);
    ck_assert_int_eq(open_folder(), BK_OK);
    ck_assert(holds(uploads, "database") && !holds(uploads, "database-claim"));
    /* in it */
    ck_assert_int_eq(bk_file_remove(in_folder(uploads, "database")), BK_OK);
    write_line("database-claim", line);
    no_id();
    ck_assert_int_eq(open_folder(), BK_OK);
    ck_assert_int_ne(memcmp(line, host.app.uploads_id, 26), 0);
    ck_assert(holds(uploads, "database") && !holds(uploads, "database-claim"));
    /* what isn't an id is nobody's */
    write_line("database", "01J\n");
    ck_assert_int_eq(open_folder(), BK_ECORRUPT);
    write_line("database", "01J0000000000000000000000X and more\n");
    ck_assert_int_eq(open_folder(), BK_ECORRUPT);
}
END_TEST

static size_t rows_of(const char *digest)
{
    struct bk_rows rows = BK_ROWS_INIT;
    struct bk_tx *tx = serverhost_begin();
    ck_assert_int_eq(
        bk_tx_query(tx, "SELECT 1 FROM uploads WHERE digest = $1", BK_VALS(bk_text(digest)), &rows),
        BK_OK);
    size_t count = rows.count;
    bk_tx_rollback(&tx);
    bk_rows_free(&rows);
    return count;
}

START_TEST(without_its_folder_nothing_is_dropped)
{
    char order[27], a[65], b[65], away[200];
    bool sealed = false;
    struct bk_buf read = BK_BUF_INIT;
    struct bk_upload u = {.data = "three", .len = 5, .type = "image/png", .lock = -1};
    struct bk_tx *tx = serverhost_begin();
    add_order(tx, order);
    serverhost_commit(tx);
    put(order, "licence", "one", a);
    put(order, "licence", "two", b);
    tx = serverhost_begin();
    ck_assert_int_eq(bk_upload_plan(&host.app, tx, &u, 1000), BK_OK);
    serverhost_commit(tx);
    (void)snprintf(away, sizeof away, "%s/away", host.folder);
    ck_assert_int_eq(rename(uploads, away), 0);
    ck_assert_int_eq(mkdir(uploads, 0700), 0); /* where it isn't mounted */
    ck_assert_int_eq(try_drop(a), BK_ESTATE);
    ck_assert_uint_eq(rows_of(a), 1);
    ck_assert_int_eq(bk_upload_write(&host.app, &u), BK_ESTATE);
    ck_assert_int_eq(bk_upload_reseal(&host.app, b, &sealed), BK_ESTATE);
    ck_assert_int_eq(bk_upload_read(&host.app, b, &read), BK_EIO);
    ck_assert_int_eq(rmdir(uploads), 0); /* nothing was put into it */
    ck_assert_int_eq(rename(away, uploads), 0);
    drop(a);
    ck_assert(!is_there(a) && is_there(b));
    ck_assert_uint_eq(rows_of(a), 0);
    ck_assert_int_eq(bk_upload_read(&host.app, b, &read), BK_OK);
    bk_buf_free(&read);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("server upload");
    TCase *tc = tcase_create("types");
    tcase_add_test(tc, whole_files_are_told_by_their_content);
    tcase_add_test(tc, cut_files_are_not);
    tcase_add_test(tc, changed_png_is_found_anywhere);
    tcase_add_test(tc, other_things_are_none);
    suite_add_tcase(suite, tc);
    tc = tcase_create("kept");
    tcase_add_checked_fixture(tc, open_host, serverhost_close);
    tcase_add_test(tc, a_file_is_sealed_shared_and_dropped);
    tcase_add_test(tc, what_nobody_took_is_dropped);
    tcase_add_test(tc, another_file_in_its_place_is_found);
    tcase_add_test(tc, what_was_let_go_of_stays_an_hour);
    tcase_add_test(tc, what_nobody_has_is_swept);
    suite_add_tcase(suite, tc);
    tc = tcase_create("folder");
    tcase_add_checked_fixture(tc, open_host, serverhost_close);
    tcase_add_test(tc, a_folder_is_one_databases);
    tcase_add_test(tc, a_claim_that_was_cut_is_made_again);
    tcase_add_test(tc, without_its_folder_nothing_is_dropped);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
