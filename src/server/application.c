/* SPDX-License-Identifier: Apache-2.0 */
#include "server/application.h"

#include <stdio.h>
#include <string.h>

#include "base/codec.h"
#include "server/phone.h"
#include "server/session.h"

#define TEXT_MAX 256u

enum kind { TEXT, NAME, PHONE, EMAIL, CHOICE, YEARS, IDENTITY, ACCOUNT, POSTCODE };

/* Every member there is. Those of a part that isn't required count when the part is given. */
static const struct field {
    const char *part, *name;
    enum kind kind;
    bool required;
    unsigned max;        /* bytes of a text */
    const char *choices; /* " one other " */
} fields[] = {
    {"company", "name", NAME, true, BK_COMPANY_MAX, NULL},
    {"company", "address", TEXT, true, TEXT_MAX, NULL},
    {"company", "phone", TEXT, false, 32, NULL},
    {"legal_person", "name", TEXT, true, 96, NULL},
    {"legal_person", "id_type", CHOICE, true, 0, " citizen passport hk-macau taiwan "},
    {"legal_person", "id_number", IDENTITY, true, 0, NULL},
    {"legal_person", "phone", PHONE, true, 0, NULL},
    {"operator", "name", TEXT, true, 96, NULL},
    {"operator", "id_type", CHOICE, true, 0, " citizen passport hk-macau taiwan "},
    {"operator", "id_number", IDENTITY, true, 0, NULL},
    {"operator", "phone", PHONE, true, 0, NULL},
    {"operator", "email", EMAIL, true, 0, NULL},
    {"product", "algorithm", CHOICE, true, 0, " sm2 rsa "},
    {"product", "years", YEARS, true, 0, NULL},
    {"product", "pin_way", CHOICE, true, 0, " sms transfer "},
    {"delivery", "way", CHOICE, true, 0, " post pick-up "},
    {"delivery", "recipient", TEXT, false, 96, NULL},
    {"delivery", "phone", PHONE, false, 0, NULL},
    {"delivery", "address", TEXT, false, TEXT_MAX, NULL},
    {"delivery", "postcode", POSTCODE, false, 0, NULL},
    {"invoice", "kind", CHOICE, true, 0, " normal special "},
    {"invoice", "email", EMAIL, true, 0, NULL},
    {"bank", "name", TEXT, true, 96, NULL},
    {"bank", "branch", TEXT, false, 128, NULL},
    {"bank", "account", ACCOUNT, true, 0, NULL},
};
#define FIELDS (sizeof fields / sizeof *fields)

static const char *const parts[] = {"company",  "legal_person", "operator", "product",
                                    "delivery", "invoice",      "bank"};
static const struct field contact_fields[] = {{"contacts", "name", TEXT, true, 96, NULL},
                                              {"contacts", "phone", PHONE, true, 0, NULL},
                                              {"contacts", "email", EMAIL, false, 0, NULL}};

static enum bk_err bad(const char *part, const char *name, char member[BK_MEMBER])
{
    (void)snprintf(member, BK_MEMBER, "%s%s%s", part, *name ? "." : "", name);
    return BK_EFORMAT;
}

const char *bk_application_text(const json_t *details, const char *part, const char *name)
{
    const char *text = json_string_value(json_object_get(json_object_get(details, part), name));
    return text ? text : "";
}

int64_t bk_application_years(const json_t *details)
{
    return json_integer_value(json_object_get(json_object_get(details, "product"), "years"));
}

static bool is_choice(const char *choices, const char *text)
{
    char word[32];
    int n = snprintf(word, sizeof word, " %s ", text);
    return n > 2 && (size_t)n < sizeof word && !strchr(text, ' ') && strstr(choices, word);
}

static bool is_text(const char *text, size_t max)
{
    size_t len = strlen(text);
    return len && len <= max && bk_text_is_plain(text, len) && text[0] != ' ' &&
           text[len - 1] != ' ';
}

/* It stands in messages: nothing that would be a link there, or end a quotation. */
static bool is_name(const char *text, size_t max)
{
    static const char *const never[] = {"://", "@", "www.", "「", "」"};
    for (size_t i = 0; i < sizeof never / sizeof *never; i++)
        if (strcasestr(text, never[i]))
            return false;
    return is_text(text, max);
}

static bool is_postcode(const char *text)
{
    return strlen(text) == 6 && strspn(text, "0123456789") == 6;
}

/* The member in its one form, "" when it can't be taken. */
static const char *take(const struct field *f, const json_t *part, const char *text,
                        char form[TEXT_MAX + 1])
{
    const char *type = json_string_value(json_object_get(part, "id_type"));
    bool good = false;
    *form = 0;
    switch (f->kind) {
    case TEXT:
        good = is_text(text, f->max);
        break;
    case NAME:
        good = is_name(text, f->max);
        break;
    case EMAIL:
        good = bk_email_valid(text);
        break;
    case CHOICE:
        good = is_choice(f->choices, text);
        break;
    case POSTCODE:
        good = is_postcode(text);
        break;
    case PHONE:
        return bk_phone_read(text, form) ? form : "";
    case ACCOUNT:
        return bk_account_read(text, form) ? form : "";
    case IDENTITY:
        return type && (strcmp(type, "citizen") == 0 ? bk_citizen_id_read(text, form)
                                                     : bk_other_id_read(text, form))
                   ? form
                   : "";
    case YEARS:
        break;
    }
    return good ? text : "";
}

static enum bk_err read_field(const struct field *f, const json_t *given, json_t *to,
                              char member[BK_MEMBER])
{
    char form[TEXT_MAX + 1];
    const json_t *value = json_object_get(given, f->name);
    json_t *made = NULL;
    if (!value && !f->required)
        return BK_OK;
    if (f->kind == YEARS) {
        json_int_t years = json_integer_value(value);
        if (!json_is_integer(value) || years < 1 || years > BK_YEARS_MAX)
            return bad(f->part, f->name, member);
        made = json_integer(years);
    } else {
        const char *text = json_string_value(value);
        const char *taken = text && strlen(text) <= TEXT_MAX ? take(f, given, text, form) : "";
        if (!*taken)
            return bad(f->part, f->name, member);
        made = json_string(taken);
    }
    return json_object_set_new(to, f->name, made) == 0 ? BK_OK : BK_ENOMEM;
}

static enum bk_err read_part(const char *part, const json_t *given, json_t *details,
                             char member[BK_MEMBER])
{
    json_t *to = json_object();
    enum bk_err err = to && json_object_set_new(details, part, to) == 0 ? BK_OK : BK_ENOMEM;
    if (err == BK_OK && !json_is_object(given))
        err = bad(part, "", member);
    for (size_t i = 0; err == BK_OK && i < FIELDS; i++)
        if (strcmp(fields[i].part, part) == 0)
            err = read_field(&fields[i], given, to, member);
    return err;
}

static enum bk_err read_contacts(const json_t *given, json_t *details, char member[BK_MEMBER])
{
    json_t *list = json_array();
    enum bk_err err =
        list && json_object_set_new(details, "contacts", list) == 0 ? BK_OK : BK_ENOMEM;
    size_t count = json_array_size(given);
    if (err == BK_OK && (!json_is_array(given) || count > BK_CONTACTS_MAX))
        err = bad("contacts", "", member);
    for (size_t i = 0; err == BK_OK && i < count; i++) {
        json_t *one = json_object();
        err = one && json_array_append_new(list, one) == 0 ? BK_OK : BK_ENOMEM;
        for (size_t f = 0; err == BK_OK && f < sizeof contact_fields / sizeof *contact_fields; f++)
            err = read_field(&contact_fields[f], json_array_get(given, i), one, member);
    }
    return err;
}

/* What depends on more than one member. */
static enum bk_err check_whole(const json_t *d, char member[BK_MEMBER])
{
    const char *who = bk_application_text(d, "delivery", "recipient");
    const char *phone = bk_application_text(d, "delivery", "phone");
    bool post = strcmp(bk_application_text(d, "delivery", "way"), "post") == 0;
    bool bank = json_object_get(d, "bank") != NULL;
    if (post && !*who)
        return bad("delivery", "recipient", member);
    if (post && !*phone)
        return bad("delivery", "phone", member);
    if (post && !*bk_application_text(d, "delivery", "address"))
        return bad("delivery", "address", member);
    /* who collects is the operator, and nobody else */
    if (!post && *who && strcmp(who, bk_application_text(d, "operator", "name")) != 0)
        return bad("delivery", "recipient", member);
    if (!post && *phone && strcmp(phone, bk_application_text(d, "operator", "phone")) != 0)
        return bad("delivery", "phone", member);
    if (!bank && (strcmp(bk_application_text(d, "product", "pin_way"), "transfer") == 0 ||
                  strcmp(bk_application_text(d, "invoice", "kind"), "special") == 0))
        return bad("bank", "", member);
    /* an invoice of that kind shows it */
    if (strcmp(bk_application_text(d, "invoice", "kind"), "special") == 0 &&
        !*bk_application_text(d, "company", "phone"))
        return bad("company", "phone", member);
    return BK_OK;
}

enum bk_err bk_application_read(const json_t *given, const json_t *before, json_t **details,
                                char member[BK_MEMBER])
{
    json_t *d = before ? json_deep_copy(before) : json_object();
    enum bk_err err = d ? BK_OK : BK_ENOMEM;
    *details = NULL;
    *member = 0;
    for (size_t i = 0; err == BK_OK && i < sizeof parts / sizeof *parts; i++) {
        const json_t *part = json_object_get(given, parts[i]);
        if (part || (!json_object_get(d, parts[i]) && strcmp(parts[i], "bank") != 0))
            err = read_part(parts[i], part, d, member);
    }
    const json_t *contacts = json_object_get(given, "contacts");
    if (err == BK_OK && contacts)
        err = read_contacts(contacts, d, member);
    if (err == BK_OK)
        err = check_whole(d, member);
    if (err == BK_OK)
        *details = d;
    else
        json_decref(d);
    return err;
}

/* --- what is shown --- */

static void hide(enum kind kind, const char *text, char shown[TEXT_MAX + 1])
{
    size_t len = strlen(text), at = strcspn(text, "@");
    size_t first = kind == PHONE ? 3 : kind == IDENTITY || kind == EMAIL ? 1 : 0;
    size_t last = kind == PHONE || kind == ACCOUNT ? 4 : kind == EMAIL ? len - at : 1;
    (void)snprintf(shown, TEXT_MAX + 1, "%s", text);
    for (size_t i = first; i + last < len && i < TEXT_MAX; i++)
        shown[i] = '*';
}

static enum bk_err hide_fields(const struct field *list, size_t count, const char *part, json_t *in)
{
    char shown[TEXT_MAX + 1];
    for (size_t i = 0; i < count; i++) {
        const char *text = json_string_value(json_object_get(in, list[i].name));
        enum kind kind = list[i].kind;
        if (!text || strcmp(list[i].part, part) != 0 ||
            (kind != PHONE && kind != EMAIL && kind != IDENTITY && kind != ACCOUNT))
            continue;
        hide(kind, text, shown);
        if (json_object_set_new(in, list[i].name, json_string(shown)) != 0)
            return BK_ENOMEM;
    }
    return BK_OK;
}

json_t *bk_application_masked(const json_t *details)
{
    json_t *copy = json_deep_copy(details);
    enum bk_err err = copy ? BK_OK : BK_ENOMEM;
    for (size_t i = 0; err == BK_OK && i < sizeof parts / sizeof *parts; i++)
        err = hide_fields(fields, FIELDS, parts[i], json_object_get(copy, parts[i]));
    json_t *contacts = json_object_get(copy, "contacts");
    for (size_t i = 0; err == BK_OK && i < json_array_size(contacts); i++)
        err = hide_fields(contact_fields, sizeof contact_fields / sizeof *contact_fields,
                          "contacts", json_array_get(contacts, i));
    if (err == BK_OK)
        return copy;
    json_decref(copy);
    return NULL;
}

/* --- kept --- */

static struct bk_place place_of(const char *order_id)
{
    return (struct bk_place){.table = "applications", .column = "details_sealed", .row = order_id};
}

static enum bk_err open_to(struct bk_tx *tx, const struct bk_escrow *escrow,
                           const struct bk_application *a, const char *role, const char *phone)
{
    char hash[BK_PHONE_HASH + 1];
    enum bk_err err = bk_phone_hash(escrow, a->org_code, phone, hash);
    return err == BK_OK
               ? bk_tx_exec(tx,
                            "INSERT INTO order_phones (order_id, role, phone_hash)"
                            " VALUES ($1, $2, $3) ON CONFLICT (order_id, role)"
                            " DO UPDATE SET phone_hash = $3",
                            BK_VALS(bk_text(a->order_id), bk_text(role), bk_text(hash)), NULL)
               : err;
}

enum bk_err bk_application_save(struct bk_tx *tx, const struct bk_escrow *escrow,
                                const struct bk_application *a, const char *phone)
{
    struct bk_buf text = BK_BUF_INIT, sealed = BK_BUF_INIT;
    const struct bk_place place = place_of(a->order_id);
    const json_t *d = a->details;
    enum bk_err err = bk_json_text(d, &text);
    if (err == BK_OK)
        err = bk_escrow_seal(escrow, &place, text.data, text.len, &sealed);
    if (err == BK_OK)
        err = bk_tx_exec(
            tx,
            "INSERT INTO applications (order_id, org_code, company, years, delivery, pin_way,"
            " details_sealed, reviewed) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT "
            "(order_id)"
            " DO UPDATE SET company = $3, years = $4, delivery = $5, pin_way = $6,"
            " details_sealed = $7",
            BK_VALS(bk_text(a->order_id), bk_text(a->org_code),
                    bk_text(bk_application_text(d, "company", "name")),
                    bk_int(bk_application_years(d)),
                    bk_text(bk_application_text(d, "delivery", "way")),
                    bk_text(bk_application_text(d, "product", "pin_way")),
                    bk_bytes(sealed.data, sealed.len), bk_int(!a->unreviewed)),
            NULL);
    if (err == BK_OK && phone)
        err = open_to(tx, escrow, a, "applicant", phone);
    if (err == BK_OK)
        err = open_to(tx, escrow, a, "operator", bk_application_text(d, "operator", "phone"));
    bk_buf_free(&text);
    bk_buf_free(&sealed);
    return err;
}

#define FORGOTTEN "{}" /* in place of the details */

enum bk_err bk_application_forget(struct bk_tx *tx, const struct bk_escrow *escrow,
                                  const char *order_id)
{
    struct bk_buf sealed = BK_BUF_INIT;
    const struct bk_place place = place_of(order_id);
    enum bk_err err = bk_escrow_seal(escrow, &place, FORGOTTEN, strlen(FORGOTTEN), &sealed);
    if (err == BK_OK)
        err = bk_tx_exec(tx, "UPDATE applications SET details_sealed = $1 WHERE order_id = $2",
                         BK_VALS(bk_bytes(sealed.data, sealed.len), bk_text(order_id)), NULL);
    if (err == BK_OK)
        err = bk_tx_exec(tx, "DELETE FROM order_phones WHERE order_id = $1",
                         BK_VALS(bk_text(order_id)), NULL);
    bk_buf_free(&sealed);
    return err;
}

enum bk_err bk_application_load(struct bk_tx *tx, const struct bk_escrow *escrow,
                                const char *order_id, struct bk_application *a)
{
    struct bk_rows row = BK_ROWS_INIT;
    struct bk_buf text = BK_BUF_INIT;
    const struct bk_place place = place_of(order_id);
    *a = (struct bk_application){.details = NULL};
    enum bk_err err = bk_tx_get(
        tx, "SELECT org_code, details_sealed, reviewed FROM applications WHERE order_id = $1",
        BK_VALS(bk_text(order_id)), &row);
    if (err == BK_OK)
        err = bk_escrow_open_sealed(escrow, &place, bk_row_bytes(&row, 0, 1), &text);
    if (err == BK_OK)
        err = bk_json_parse(text.data, text.len, BK_BUF_MAX, &a->details);
    if (err == BK_OK && !json_object_size(a->details)) {
        bk_application_free(a);
        err = BK_ENOTFOUND;
    }
    if (err == BK_OK) {
        (void)snprintf(a->order_id, sizeof a->order_id, "%s", order_id);
        bk_row_copy(&row, 0, 0, a->org_code, sizeof a->org_code);
        a->unreviewed = !bk_row_int(&row, 0, 2);
    }
    bk_rows_free(&row);
    bk_buf_free(&text);
    return err;
}

void bk_application_free(struct bk_application *a)
{
    json_decref(a->details);
    a->details = NULL;
}

enum bk_err bk_application_opens(struct bk_tx *tx, const char *order_id, const char *phone_hash,
                                 bool *opens)
{
    struct bk_rows rows = BK_ROWS_INIT;
    enum bk_err err =
        bk_tx_query(tx, "SELECT 1 FROM order_phones WHERE order_id = $1 AND phone_hash = $2",
                    BK_VALS(bk_text(order_id), bk_text(phone_hash)), &rows);
    *opens = err == BK_OK && rows.count;
    bk_rows_free(&rows);
    return err;
}
