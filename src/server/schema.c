/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Times are ms since 1970 (UTC), ids are ULIDs, *_sealed columns are stored secrets
 * (docs/formats.md clause 6), *_hash are keyed hashes. A version that was released is never
 * changed: the next one is added behind it.
 */
#include "server/schema.h"

static const char version_1[] =
    /* the register of keys; use_pending: the pending administrator PIN is the one to try first */
    "CREATE TABLE keys (serial TEXT PRIMARY KEY, dialect TEXT NOT NULL, shape TEXT NOT NULL,"
    " application TEXT NOT NULL, phone TEXT NOT NULL, phone_since BIGINT NOT NULL,"
    " holder TEXT NOT NULL, company TEXT NOT NULL, state TEXT NOT NULL,"
    " admin_sealed BLOB NOT NULL, pending_sealed BLOB, pending_by TEXT, use_pending BIGINT NOT "
    "NULL,"
    " created_at BIGINT NOT NULL, version BIGINT NOT NULL);\n"
    "CREATE TABLE key_contacts (serial TEXT NOT NULL REFERENCES keys (serial),"
    " phone TEXT NOT NULL, PRIMARY KEY (serial, phone));\n"
    /* one unlock authorisation; serial as asked for, matched: phone and name were right */
    "CREATE TABLE unlocks (id TEXT PRIMARY KEY, serial TEXT NOT NULL, matched BIGINT NOT NULL,"
    " state TEXT NOT NULL, code_hash BLOB NOT NULL, tries_left BIGINT NOT NULL,"
    " created_at BIGINT NOT NULL, expires_at BIGINT NOT NULL, suspend_hash BLOB NOT NULL,"
    " client_hash BLOB, first_at BIGINT NOT NULL, redemptions BIGINT NOT NULL,"
    " rounds BIGINT NOT NULL, pin_sealed BLOB, slot BIGINT NOT NULL, swapped BIGINT NOT NULL,"
    " pin_sent BIGINT NOT NULL, expects TEXT NOT NULL, address TEXT NOT NULL,"
    " done_at BIGINT NOT NULL);\n"
    "CREATE INDEX unlocks_serial ON unlocks (serial, created_at);\n"
    /* the answers of the present redemption, for a message that is sent again */
    "CREATE TABLE unlock_rounds (unlock_id TEXT NOT NULL REFERENCES unlocks (id),"
    " message_hash TEXT NOT NULL, answer_sealed BLOB NOT NULL,"
    " PRIMARY KEY (unlock_id, message_hash));\n"
    "CREATE TABLE limits (scope TEXT NOT NULL, subject TEXT NOT NULL, slot BIGINT NOT NULL,"
    " used BIGINT NOT NULL, until BIGINT NOT NULL, PRIMARY KEY (scope, subject, slot));\n"
    "CREATE TABLE outbox (id TEXT PRIMARY KEY, kind TEXT NOT NULL, dedupe TEXT NOT NULL UNIQUE,"
    " payload_sealed BLOB, state TEXT NOT NULL, attempts BIGINT NOT NULL,"
    " next_at BIGINT NOT NULL, created_at BIGINT NOT NULL, give_up_at BIGINT NOT NULL,"
    " done_at BIGINT NOT NULL, last_error TEXT NOT NULL);\n"
    "CREATE INDEX outbox_due ON outbox (state, next_at);\n"
    "CREATE TABLE audit (seq BIGINT PRIMARY KEY, at BIGINT NOT NULL, actor TEXT NOT NULL,"
    " address TEXT NOT NULL, action TEXT NOT NULL, object TEXT NOT NULL, detail TEXT NOT NULL,"
    " before_hash BLOB NOT NULL, hash BLOB NOT NULL);\n"
    "CREATE TABLE idempotency (scope TEXT NOT NULL, key TEXT NOT NULL, fingerprint BLOB NOT NULL,"
    " state TEXT NOT NULL, locked_until BIGINT NOT NULL, status BIGINT NOT NULL,"
    " type TEXT NOT NULL, body BLOB, expires_at BIGINT NOT NULL, PRIMARY KEY (scope, key));\n"
    "CREATE TABLE nonces (nonce TEXT PRIMARY KEY, purpose TEXT NOT NULL,"
    " expires_at BIGINT NOT NULL);\n"
    "CREATE TABLE sessions (token_hash TEXT PRIMARY KEY, certificate TEXT NOT NULL,"
    " purpose TEXT NOT NULL, created_at BIGINT NOT NULL, expires_at BIGINT NOT NULL);\n"
    /* id: algorithm:serial number in lower-case hex */
    "CREATE TABLE certificates (id TEXT PRIMARY KEY, serial_number TEXT NOT NULL,"
    " algorithm TEXT NOT NULL, kind TEXT NOT NULL, key_serial TEXT NOT NULL,"
    " container TEXT NOT NULL, pair TEXT NOT NULL, subject TEXT NOT NULL, fingerprint TEXT NOT "
    "NULL,"
    " der BLOB NOT NULL, enc_key_sealed BLOB, not_before BIGINT NOT NULL,"
    " not_after BIGINT NOT NULL, state TEXT NOT NULL, revoked_at BIGINT NOT NULL,"
    " reason BIGINT NOT NULL, created_at BIGINT NOT NULL);\n"
    "CREATE UNIQUE INDEX certificates_fingerprint ON certificates (fingerprint);\n"
    "CREATE INDEX certificates_key ON certificates (key_serial, kind, state);\n"
    "CREATE INDEX certificates_pair ON certificates (pair);\n"
    "CREATE INDEX certificates_revoked ON certificates (algorithm, state);\n"
    "CREATE TABLE crls (algorithm TEXT PRIMARY KEY, number BIGINT NOT NULL,"
    " revoked BIGINT NOT NULL, made_at BIGINT NOT NULL, next_at BIGINT NOT NULL,"
    " der BLOB NOT NULL);\n"
    "CREATE TABLE orders (id TEXT PRIMARY KEY, type TEXT NOT NULL, state TEXT NOT NULL,"
    " version BIGINT NOT NULL, key_serial TEXT NOT NULL, container TEXT NOT NULL,"
    " algorithm TEXT NOT NULL, old_certificate TEXT NOT NULL, new_certificate TEXT,"
    " amount_fen BIGINT NOT NULL, created_at BIGINT NOT NULL, expires_at BIGINT NOT NULL,"
    " updated_at BIGINT NOT NULL, old_not_after BIGINT NOT NULL, new_not_after BIGINT NOT NULL,"
    " qr_code TEXT, trade_no TEXT, paid_at BIGINT NOT NULL, round BIGINT NOT NULL);\n"
    /* at most one open order a certificate, whatever runs at the same time */
    "CREATE UNIQUE INDEX orders_open ON orders (old_certificate)"
    " WHERE state IN ('AWAIT_PAY', 'PAID', 'ISSUED');\n"
    "CREATE INDEX orders_new ON orders (new_certificate);\n"
    "CREATE INDEX orders_old ON orders (old_certificate);\n"
    "CREATE TABLE issues (order_id TEXT NOT NULL REFERENCES orders (id), round BIGINT NOT NULL,"
    " key_hash TEXT NOT NULL, sign_certificate TEXT NOT NULL, enc_certificate TEXT NOT NULL,"
    " envelope BLOB NOT NULL, PRIMARY KEY (order_id, round), UNIQUE (order_id, key_hash));\n"
    "CREATE TABLE pay_notices (notify_id TEXT PRIMARY KEY, order_id TEXT NOT NULL,"
    " trade_no TEXT NOT NULL, amount_fen BIGINT NOT NULL, received_at BIGINT NOT NULL);\n";

/* A phone has one form: eleven digits. It could be written with its country before. */
#define WITH_COUNTRY                                                                               \
    " WHERE (length(phone) = 14 AND phone LIKE '+861%')"                                           \
    " OR (length(phone) = 13 AND phone LIKE '861%')"                                               \
    " OR (length(phone) = 15 AND phone LIKE '00861%')"
static const char version_2[] =
    "UPDATE keys SET phone = substr(phone, length(phone) - 10)" WITH_COUNTRY ";\n"
    "INSERT INTO key_contacts (serial, phone)"
    " SELECT serial, substr(phone, length(phone) - 10) FROM key_contacts" WITH_COUNTRY
    " ON CONFLICT (serial, phone) DO NOTHING;\n"
    "DELETE FROM key_contacts" WITH_COUNTRY ";\n";

/* Matters of payment were given up after two days. Those whose payload is gone make room for new
 * ones. */
#define PAYMENTS " AND kind IN ('pay-query', 'pay-cancel', 'refund')"
static const char version_3[] =
    "DELETE FROM outbox WHERE state = 'dead' AND payload_sealed IS NULL" PAYMENTS ";\n"
    "UPDATE outbox SET state = 'pending', next_at = 0, done_at = 0"
    " WHERE state = 'dead'" PAYMENTS ";\n";

/* When the payment code was made: the provider's codes end before an order does. And serial numbers
 * that the CA is asked to use, from before it is asked until the certificate is registered. */
static const char version_4[] =
    "ALTER TABLE orders ADD COLUMN qr_made_at BIGINT NOT NULL DEFAULT 0;\n"
    "CREATE TABLE issuing (id TEXT PRIMARY KEY, serial_number TEXT NOT NULL,"
    " algorithm TEXT NOT NULL, not_after BIGINT NOT NULL, made_at BIGINT NOT NULL);\n"
    "CREATE INDEX issuing_made ON issuing (made_at);\n";

/* Administrator PINs that a later one took the place of by an unlock that the key hasn't proved. */
static const char version_5[] =
    "CREATE TABLE kept_pins (id TEXT PRIMARY KEY, serial TEXT NOT NULL REFERENCES keys (serial),"
    " pin_sealed BLOB NOT NULL, unlock_id TEXT NOT NULL, kept_at BIGINT NOT NULL);\n"
    "CREATE INDEX kept_pins_serial ON kept_pins (serial, kept_at);\n";

/* Whose certificate it is, as the identity extensions of its profile say it: a personal number. */
static const char version_6[] = "ALTER TABLE certificates ADD COLUMN identity_sealed BLOB;\n";

/* Orders of customers without a certificate. One that has no old certificate keeps no other from
 * being made. order_phones: whose phone opens an order, as keyed hashes of organisation and phone.
 */
static const char version_7[] =
    "DROP INDEX orders_open;\n"
    "CREATE UNIQUE INDEX orders_open ON orders (old_certificate) WHERE old_certificate <> ''"
    " AND state IN ('DRAFT', 'VERIFYING', 'VERIFIED', 'UPLOADED', 'SIGNED', 'AWAIT_PAY', 'PAID',"
    " 'IN_REVIEW', 'REJECTED', 'APPROVED', 'ISSUED');\n"
    "CREATE INDEX orders_state ON orders (state, expires_at);\n"
    "CREATE TABLE applications (order_id TEXT PRIMARY KEY REFERENCES orders (id),"
    " org_code TEXT NOT NULL, company TEXT NOT NULL, years BIGINT NOT NULL,"
    " delivery TEXT NOT NULL, pin_way TEXT NOT NULL, details_sealed BLOB NOT NULL);\n"
    "CREATE INDEX applications_org ON applications (org_code);\n"
    "CREATE TABLE order_phones (order_id TEXT NOT NULL REFERENCES orders (id),"
    " role TEXT NOT NULL, phone_hash TEXT NOT NULL, PRIMARY KEY (order_id, role));\n"
    "CREATE INDEX order_phones_hash ON order_phones (phone_hash);\n"
    "CREATE TABLE customer_sessions (token_hash TEXT PRIMARY KEY, org_code TEXT NOT NULL,"
    " phone_sealed BLOB NOT NULL, created_at BIGINT NOT NULL, expires_at BIGINT NOT NULL);\n"
    "CREATE TABLE codes (id TEXT PRIMARY KEY, purpose TEXT NOT NULL, subject TEXT NOT NULL,"
    " secret_sealed BLOB, code_hash BLOB NOT NULL, tries_left BIGINT NOT NULL,"
    " state TEXT NOT NULL, created_at BIGINT NOT NULL, expires_at BIGINT NOT NULL);\n"
    "CREATE INDEX codes_subject ON codes (purpose, subject, created_at);\n"
    "CREATE INDEX codes_expired ON codes (expires_at);\n";

/* Identity verifications and signatures of orders; one that isn't the newest is void. */
static const char version_8[] =
    "CREATE TABLE verifications (id TEXT PRIMARY KEY, order_id TEXT NOT NULL REFERENCES orders"
    " (id), purpose TEXT NOT NULL, way TEXT NOT NULL, state TEXT NOT NULL, code_id TEXT,"
    " failing BIGINT NOT NULL, created_at BIGINT NOT NULL, expires_at BIGINT NOT NULL);\n"
    "CREATE INDEX verifications_order ON verifications (order_id, purpose, created_at);\n";

/* Documents of orders: a file a digest, in the folder of uploads. */
static const char version_9[] =
    "CREATE TABLE uploads (digest TEXT PRIMARY KEY, type TEXT NOT NULL, size BIGINT NOT NULL,"
    " created_at BIGINT NOT NULL);\n"
    "CREATE TABLE documents (order_id TEXT NOT NULL REFERENCES orders (id), kind TEXT NOT NULL,"
    " digest TEXT NOT NULL REFERENCES uploads (digest), created_at BIGINT NOT NULL,"
    " PRIMARY KEY (order_id, kind));\n"
    "CREATE INDEX documents_digest ON documents (digest);\n";

/* Reviews of orders, a row a round; guessed: the calendar didn't know the year of due_at. */
static const char version_10[] =
    "CREATE TABLE reviews (id TEXT PRIMARY KEY, order_id TEXT NOT NULL REFERENCES orders (id),"
    " state TEXT NOT NULL, entered_at BIGINT NOT NULL, due_at BIGINT NOT NULL,"
    " guessed BIGINT NOT NULL, reason TEXT NOT NULL, decided_by TEXT NOT NULL,"
    " decided_at BIGINT NOT NULL);\n"
    "CREATE INDEX reviews_order ON reviews (order_id, entered_at);\n"
    "CREATE INDEX reviews_queue ON reviews (state, due_at);\n";

/* Invoices; another row when one failed. Their files are documents of the order. */
static const char version_11[] =
    "CREATE TABLE invoices (id TEXT PRIMARY KEY, order_id TEXT NOT NULL REFERENCES orders (id),"
    " state TEXT NOT NULL, number TEXT NOT NULL, reason TEXT NOT NULL, asked_at BIGINT NOT NULL,"
    " issued_at BIGINT NOT NULL, mailed BIGINT NOT NULL);\n"
    "CREATE INDEX invoices_order ON invoices (order_id, asked_at);\n";

/* Accounts of the staff and their sessions. */
static const char version_12[] =
    "CREATE TABLE staff (name TEXT PRIMARY KEY, roles TEXT NOT NULL, state TEXT NOT NULL,"
    " scrypt_log_n BIGINT NOT NULL, scrypt_r BIGINT NOT NULL, scrypt_p BIGINT NOT NULL,"
    " salt BLOB NOT NULL, password_hash BLOB NOT NULL, totp_sealed BLOB NOT NULL,"
    " totp_step BIGINT NOT NULL, known TEXT NOT NULL, created_at BIGINT NOT NULL,"
    " login_at BIGINT NOT NULL);\n"
    "CREATE TABLE staff_sessions (token_hash TEXT PRIMARY KEY,"
    " name TEXT NOT NULL REFERENCES staff (name), created_at BIGINT NOT NULL,"
    " used_at BIGINT NOT NULL, expires_at BIGINT NOT NULL);\n"
    "CREATE INDEX staff_sessions_name ON staff_sessions (name);\n";

/* Keys that are made for orders, a row a key; admin_sealed until the register has it, pin_sealed
 * until the outbox has. device_keys: the one that a key is given once and for all. */
static const char version_13[] =
    "CREATE TABLE productions (id TEXT PRIMARY KEY, order_id TEXT NOT NULL REFERENCES orders (id),"
    " serial TEXT NOT NULL, state TEXT NOT NULL, dialect TEXT NOT NULL, shape TEXT NOT NULL,"
    " application TEXT NOT NULL, admin_sealed BLOB, pin_sealed BLOB,"
    " sign_certificate TEXT NOT NULL, rounds BIGINT NOT NULL, begun_at BIGINT NOT NULL,"
    " begun_by TEXT NOT NULL, made_at BIGINT NOT NULL, pin_sent_at BIGINT NOT NULL,"
    " courier TEXT NOT NULL, tracking TEXT NOT NULL, given_at BIGINT NOT NULL,"
    " given_by TEXT NOT NULL, reason TEXT NOT NULL);\n"
    "CREATE UNIQUE INDEX productions_order ON productions (order_id) WHERE state <> 'aside';\n"
    "CREATE UNIQUE INDEX productions_begun ON productions (serial) WHERE state = 'begun';\n"
    "CREATE INDEX productions_serial ON productions (serial, begun_at);\n"
    "CREATE TABLE device_keys (serial TEXT PRIMARY KEY, key_sealed BLOB NOT NULL,"
    " is_set BIGINT NOT NULL, made_at BIGINT NOT NULL);\n";

/* Renewals that nobody reviews may have an application, too: for their invoice. */
static const char version_14[] =
    "ALTER TABLE applications ADD COLUMN reviewed BIGINT NOT NULL DEFAULT 1;\n";

/* What is deleted by its time at each log-in. */
static const char version_15[] =
    "CREATE INDEX sessions_expires ON sessions (expires_at);\n"
    "CREATE INDEX customer_sessions_expires ON customer_sessions (expires_at);\n"
    "CREATE INDEX staff_sessions_expires ON staff_sessions (expires_at);\n"
    "CREATE INDEX nonces_expires ON nonces (expires_at);\n";

/* What is swept by its time every ten minutes, while whoever writes waits. */
static const char version_16[] =
    "CREATE INDEX limits_until ON limits (until);\n"
    "CREATE INDEX idempotency_expires ON idempotency (expires_at);\n"
    "CREATE INDEX unlocks_pins ON unlocks (first_at) WHERE pin_sealed IS NOT NULL;\n";

/* What is asked again and again: whether the revocation list still says everything, and what the
 * outbox has to do after the clock was set back. */
static const char version_17[] =
    "DROP INDEX certificates_revoked;\n"
    "CREATE INDEX certificates_revoked ON certificates (algorithm, state, not_after, revoked_at);\n"
    "CREATE INDEX outbox_back ON outbox (next_at)"
    " WHERE state = 'pending' AND (attempts > 0 OR next_at <= created_at);\n";

/* Where and how else a code may go: the company's account of a key (account_hash: by which a
 * request is compared), the way that an unlock was asked for, and the review of one that was asked
 * for with documents (token_hash: of the secret of whoever asks; contact_sealed: where the code is
 * to go). */
static const char version_18[] =
    "ALTER TABLE keys ADD COLUMN account_sealed BLOB;\n"
    "ALTER TABLE keys ADD COLUMN account_hash BLOB;\n"
    "ALTER TABLE keys ADD COLUMN account_since BIGINT NOT NULL DEFAULT 0;\n"
    "ALTER TABLE unlocks ADD COLUMN way TEXT NOT NULL DEFAULT 'phone';\n"
    "CREATE TABLE unlock_reviews (unlock_id TEXT PRIMARY KEY REFERENCES unlocks (id),"
    " token_hash BLOB NOT NULL, company TEXT NOT NULL, contact_sealed BLOB, state TEXT NOT NULL,"
    " entered_at BIGINT NOT NULL, due_at BIGINT NOT NULL, guessed BIGINT NOT NULL,"
    " reason TEXT NOT NULL, decided_by TEXT NOT NULL, decided_at BIGINT NOT NULL,"
    " over_at BIGINT NOT NULL);\n"
    "CREATE INDEX unlock_reviews_queue ON unlock_reviews (state, due_at);\n"
    "CREATE INDEX unlock_reviews_over ON unlock_reviews (over_at)"
    " WHERE contact_sealed IS NOT NULL;\n"
    "CREATE TABLE unlock_documents (unlock_id TEXT NOT NULL REFERENCES unlocks (id),"
    " kind TEXT NOT NULL, digest TEXT NOT NULL REFERENCES uploads (digest),"
    " created_at BIGINT NOT NULL, PRIMARY KEY (unlock_id, kind));\n"
    "CREATE INDEX unlock_documents_digest ON unlock_documents (digest);\n";

/* A long revocation list is read a page at a time, and what isn't revoked isn't in its index. What
 * else went through a whole table. A list of states made SQLite build a table of them, twice for
 * each order that was changed. */
static const char version_19[] =
    "CREATE INDEX productions_history ON productions (order_id, begun_at);\n"
    "CREATE INDEX audit_wrong_amount ON audit (object) WHERE action = 'order.wrong-amount';\n"
    "DROP INDEX certificates_revoked;\n"
    "CREATE INDEX certificates_revoked ON certificates (algorithm, not_after, revoked_at, id)"
    " WHERE state = 'revoked';\n"
    "DROP INDEX orders_open;\n"
    "CREATE UNIQUE INDEX orders_open ON orders (old_certificate) WHERE old_certificate <> ''"
    " AND state <> 'DONE' AND state <> 'CANCELLED' AND state <> 'EXPIRED' AND state <> "
    "'REFUNDED';\n";

/* SQLite took the other index, of all that the outbox has to do some day. A certificate is found by
 * its serial number: the index of fingerprints was written twice a pair, at random places. */
static const char version_20[] =
    "DROP INDEX outbox_back;\n"
    "CREATE INDEX outbox_back ON outbox (state, next_at)"
    " WHERE state = 'pending' AND (attempts > 0 OR next_at <= created_at);\n"
    "DROP INDEX certificates_fingerprint;\n";

/* Which row is the newest, whatever the clock said when each was written. */
#define NUMBERED(table, at, index, by)                                                             \
    "ALTER TABLE " table " ADD COLUMN seq BIGINT NOT NULL DEFAULT 0;\n"                            \
    "UPDATE " table " SET seq = n.seq FROM (SELECT id, row_number() OVER (ORDER BY " at            \
    ", id) AS seq FROM " table ") n WHERE n.id = " table ".id;\n"                                  \
    "CREATE UNIQUE INDEX " table "_seq ON " table " (seq);\n"                                      \
    "DROP INDEX " index ";\n"                                                                      \
    "CREATE INDEX " index " ON " table " (" by ", seq);\n"
#define VERIFICATIONS                                                                              \
    NUMBERED("verifications", "created_at", "verifications_order", "order_id, purpose")
#define REVIEWS NUMBERED("reviews", "entered_at", "reviews_order", "order_id")
#define INVOICES NUMBERED("invoices", "asked_at", "invoices_order", "order_id")
#define PRODUCTIONS NUMBERED("productions", "begun_at", "productions_history", "order_id")
static const char version_21[] = VERIFICATIONS REVIEWS INVOICES PRODUCTIONS
    "DROP INDEX productions_serial;\n"
    "CREATE INDEX productions_serial ON productions (serial, seq);\n";

/* Which mail of an invoice is the one that counts: another takes the place of one before. */
static const char version_22[] =
    "ALTER TABLE invoices ADD COLUMN mail_round BIGINT NOT NULL DEFAULT 0;\n"
    "UPDATE invoices SET mail_round = mailed;\n";

/* By its id a folder of uploads is known to be this database's. A file stays an hour after the last
 * that had it has let go. */
static const char version_23[] =
    "CREATE TABLE upload_folder (one BIGINT PRIMARY KEY, id TEXT NOT NULL);\n"
    "ALTER TABLE uploads ADD COLUMN unused_at BIGINT NOT NULL DEFAULT 0;\n";

/* Phones of whoever somebody named stood in clear; what is counted begins anew. And what retention
 * looks for. */
static const char version_24[] =
    "DELETE FROM limits WHERE scope LIKE 'unlock-asker-%' OR scope LIKE 'unlock-phone-%';\n"
    "UPDATE outbox SET dedupe = 'unlock:' || id WHERE dedupe LIKE 'unlock:%:%'"
    " OR dedupe LIKE 'unlock-code:%:%';\n"
    "CREATE INDEX outbox_finished ON outbox (done_at)"
    " WHERE state <> 'pending' AND payload_sealed IS NULL AND kind <> 'refund';\n"
    "CREATE INDEX unlocks_addresses ON unlocks (expires_at) WHERE address <> '';\n";

const char *const bk_schema[] = {
    version_1,  version_2,  version_3,  version_4,  version_5,  version_6,  version_7,  version_8,
    version_9,  version_10, version_11, version_12, version_13, version_14, version_15, version_16,
    version_17, version_18, version_19, version_20, version_21, version_22, version_23, version_24};
const size_t bk_schema_count = sizeof bk_schema / sizeof *bk_schema;
