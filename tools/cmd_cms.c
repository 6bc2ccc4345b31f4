/* SPDX-License-Identifier: Apache-2.0 */
/* SM2 messages by GM/T 0010, which OpenSSL 3.0 has no CMS for: made and opened with the key. RSA
 * messages are any CMS program's, through PKCS#11. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include "base/file.h"
#include "crypto/cms.h"
#include "crypto/sm2.h"
#include "tools/cmd.h"

#define FILE_MAX ((size_t)32 * 1024 * 1024)

struct cms_options {
    const char *action, *container, *in, *out, *content, *trust;
    const char *to[BK_CMS_RECIPIENTS];
    size_t to_count;
    bool detached;
    int pin_fd;
};

struct key_use {
    struct cmd *cmd;
    CK_SESSION_HANDLE session;
    const CK_BJCA_CONTAINER *container;
    CK_OBJECT_HANDLE key;
    struct bk_failure *failure;
};

static int parse(int argc, char **argv, struct cms_options *o)
{
    static const struct option options[] = {{"in", required_argument, NULL, 'i'},
                                            {"out", required_argument, NULL, 'o'},
                                            {"content", required_argument, NULL, 'n'},
                                            {"trust", required_argument, NULL, 't'},
                                            {"container", required_argument, NULL, 'c'},
                                            {"detached", no_argument, NULL, 'd'},
                                            {"to", required_argument, NULL, 'r'},
                                            {"pin-fd", required_argument, NULL, 'p'},
                                            {0}};
    int c;
    while ((c = cmd_option("cms", argc, argv, "+:", options)) != -1) {
        const char **text = c == 'i'   ? &o->in
                            : c == 'o' ? &o->out
                            : c == 'n' ? &o->content
                            : c == 't' ? &o->trust
                            : c == 'c' ? &o->container
                                       : NULL;
        if (text)
            *text = optarg;
        else if (c == 'd')
            o->detached = true;
        else if (c == 'r' && o->to_count < BK_CMS_RECIPIENTS)
            o->to[o->to_count++] = optarg;
        else if (c == 'p') {
            int code = cmd_fd("cms", "--pin-fd", optarg, &o->pin_fd);
            if (code != EXIT_OK)
                return code;
        } else
            return c == 'r' ? cmd_usage("cms", "%s", _("too many recipients")) : EXIT_USAGE;
    }
    bool verify = strcmp(o->action, "verify") == 0;
    const char *missing = !o->in                                              ? "--in"
                          : !o->out && !verify                                ? "--out"
                          : !o->trust && verify                               ? "--trust"
                          : !o->to_count && strcmp(o->action, "encrypt") == 0 ? "--to"
                                                                              : NULL;
    return missing ? cmd_missing("cms", missing) : cmd_no_more("cms", argc, argv);
}

static enum bk_err read_file(const char *path, struct bk_buf *out, struct bk_failure *failure)
{
    enum bk_err err = bk_file_read(path, FILE_MAX, out);
    return err == BK_OK ? BK_OK : bk_fail(failure, err, "%s", path);
}

static enum bk_err write_file(const char *path, const struct bk_buf *data,
                              struct bk_failure *failure)
{
    enum bk_err err = bk_file_output(path, data->data, data->len, 0600);
    return err == BK_OK ? BK_OK : bk_fail(failure, err, "%s", path);
}

/* All certificates of a PEM file, or the one of a DER file, as DER one behind the other. */
static enum bk_err read_certs(const char *path, struct bk_buf *out, struct bk_failure *failure)
{
    struct bk_buf file = BK_BUF_INIT;
    enum bk_err err = read_file(path, &file, failure);
    BIO *bio = err == BK_OK ? BIO_new_mem_buf(file.data, (int)file.len) : NULL;
    char *name = NULL, *header = NULL;
    unsigned char *der = NULL;
    long len = 0;
    while (bio && err == BK_OK && PEM_read_bio(bio, &name, &header, &der, &len)) {
        if (strcmp(name, "CERTIFICATE") == 0)
            err = bk_buf_put(out, der, (size_t)len);
        OPENSSL_free(name);
        OPENSSL_free(header);
        OPENSSL_free(der);
    }
    if (bio && err == BK_OK && !out->len)
        err = bk_buf_put(out, file.data, file.len);
    BIO_free(bio);
    bk_buf_free(&file);
    return err;
}

#define ID_LINE "SM2 ID: " /* as the platform writes it */

/* The ID in the signatures of a CA whose PEM file names it, before its first certificate; "" when
 * it doesn't. */
static enum bk_err read_id(const char *path, char id[BK_SM2_ID_MAX + 1], struct bk_failure *failure)
{
    struct bk_buf file = BK_BUF_INIT;
    *id = 0;
    enum bk_err err = read_file(path, &file, failure);
    const char *at = (const char *)file.data, *end = at + file.len;
    while (err == BK_OK && at < end) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        size_t len = (size_t)((stop ? stop : end) - at), skip = sizeof ID_LINE - 1;
        if (len && at[len - 1] == '\r')
            len--;
        if (len >= 10 && memcmp(at, "-----BEGIN", 10) == 0)
            break;
        if (len > skip && memcmp(at, ID_LINE, skip) == 0 && bk_sm2_id_fits(at + skip, len - skip))
            (void)snprintf(id, BK_SM2_ID_MAX + 1, "%.*s", (int)(len - skip), at + skip);
        at = stop ? stop + 1 : end;
    }
    bk_buf_free(&file);
    return err;
}

static enum bk_err find_key(struct key_use *use, const struct bk_x509 *cert)
{
    CK_FUNCTION_LIST_3_0 *p11 = use->cmd->module.p11;
    CK_OBJECT_CLASS is_cert = CKO_CERTIFICATE, is_key = CKO_PRIVATE_KEY;
    CK_BYTE id[64];
    CK_OBJECT_HANDLE object = 0;
    CK_ULONG n = 0;
    CK_ATTRIBUTE by_value[] = {{CKA_CLASS, &is_cert, sizeof is_cert},
                               {CKA_VALUE, cert->der.data, cert->der.len}};
    CK_ATTRIBUTE by_id[] = {{CKA_CLASS, &is_key, sizeof is_key}, {CKA_ID, id, sizeof id}};
    CK_RV rv = p11->C_FindObjectsInit(use->session, by_value, 2);
    if (rv == CKR_OK)
        rv = p11->C_FindObjects(use->session, &object, 1, &n);
    (void)p11->C_FindObjectsFinal(use->session);
    if (rv == CKR_OK)
        rv = n ? p11->C_GetAttributeValue(use->session, object, &by_id[1], 1)
               : CKR_OBJECT_HANDLE_INVALID;
    if (rv == CKR_OK)
        rv = p11->C_FindObjectsInit(use->session, by_id, 2);
    if (rv == CKR_OK)
        rv = p11->C_FindObjects(use->session, &use->key, 1, &n);
    (void)p11->C_FindObjectsFinal(use->session);
    if (rv == CKR_OK && !n)
        rv = CKR_OBJECT_HANDLE_INVALID;
    return bk_module_result(&use->cmd->module, rv, use->failure);
}

static enum bk_err signer(void *context, const void *msg, size_t len, struct bk_buf *signature)
{
    struct key_use *use = context;
    return bk_module_sign(&use->cmd->module, use->session, use->container, msg, len, signature,
                          use->failure);
}

static enum bk_err opener(void *context, const void *cipher, size_t len, struct bk_buf *plain)
{
    struct key_use *use = context;
    CK_FUNCTION_LIST_3_0 *p11 = use->cmd->module.p11;
    CK_MECHANISM mechanism = {CKM_SM2_ENCRYPT_DER, NULL, 0};
    CK_BYTE out[256];
    CK_ULONG out_len = sizeof out;
    struct bk_buf copy = BK_BUF_INIT; /* C_Decrypt takes no const */
    enum bk_err err = bk_buf_put(&copy, cipher, len);
    if (err != BK_OK)
        return bk_fail(use->failure, err, "%s", "");
    CK_RV rv = p11->C_DecryptInit(use->session, &mechanism, use->key);
    if (rv == CKR_OK)
        rv = p11->C_Decrypt(use->session, copy.data, (CK_ULONG)copy.len, out, &out_len);
    err = bk_module_result(&use->cmd->module, rv, use->failure);
    if (err == BK_OK)
        err = bk_buf_put(plain, out, out_len);
    bk_wipe(out, sizeof out);
    bk_buf_free(&copy);
    return err;
}

static enum bk_err read_cert(struct cmd *cmd, const CK_BJCA_CONTAINER *c, CK_ULONG which,
                             struct bk_x509 **cert, struct bk_failure *failure)
{
    struct bk_buf der = BK_BUF_INIT;
    enum bk_err err = bk_module_certificate(&cmd->module, cmd->key.slot, c, which, &der, failure);
    if (err == BK_OK && (err = bk_x509_parse(der.data, der.len, cert)) != BK_OK)
        err = cmd_fail(failure, err, _("the certificate in %s can't be read"), c->name);
    bk_buf_free(&der);
    return err;
}

static enum bk_err do_sign(struct cmd *cmd, const struct cms_options *o, const struct bk_buf *in,
                           struct bk_buf *out, struct bk_failure *failure)
{
    struct bk_x509 *cert = NULL;
    CK_BJCA_CONTAINER container;
    struct key_use use = {.cmd = cmd, .container = &container, .failure = failure};
    enum bk_err err = cmd_open_key(cmd, failure);
    if (err == BK_OK)
        err = cmd_find_container(cmd, o->container, CKK_SM2, &container, failure);
    if (err == BK_OK)
        err = read_cert(cmd, &container, CK_BJCA_SIGNING, &cert, failure);
    if (err == BK_OK)
        err = cmd_login(cmd, container.slotID, o->pin_fd, &use.session, failure);
    if (err == BK_OK)
        err = bk_cms_sign(in->data, in->len, o->detached, cert, NULL, signer, &use, out);
    bk_x509_free(&cert);
    return err;
}

static enum bk_err do_verify(struct cmd *cmd, const struct cms_options *o, const struct bk_buf *in,
                             struct bk_buf *out, json_t *result, struct bk_failure *failure)
{
    struct bk_buf content = BK_BUF_INIT, trusted = BK_BUF_INIT;
    struct bk_x509 *cert = NULL;
    struct bk_chain chain = {0};
    char id[BK_SM2_ID_MAX + 1] = "";
    enum bk_err err = o->content ? read_file(o->content, &content, failure) : BK_OK;
    if (err == BK_OK)
        err = read_certs(o->trust, &trusted, failure);
    if (err == BK_OK)
        err = read_id(o->trust, id, failure);
    if (err != BK_OK)
        goto out;
    err =
        bk_cms_verify(in->data, in->len, o->content ? content.data : NULL, content.len, &cert, out);
    if (err == BK_EFORMAT || err == BK_EUNSUPPORTED) {
        err = cmd_fail(failure, err, _("%s is not a message signed with SM2"), o->in);
        goto out;
    }
    if (err == BK_OK)
        err = bk_chain_parse(trusted.data, trusted.len, &chain);
    chain.sm2_id = *id ? id : bk_config_get(cmd->config, "ca", "sm2-id", NULL);
    if (err == BK_OK)
        err = bk_chain_verify(cert, &chain, (int64_t)time(NULL));
    if (err != BK_OK)
        err = cmd_fail(failure, err, _("the signature or its certificate doesn't hold"));
    else {
        ui_say(_("Signed by %s, %s; certificate %s."), cert->common_name, cert->organisation,
               cert->serial_hex);
        (void)json_object_set_new(result, "signer",
                                  json_pack("{s:s, s:s, s:s}", "common_name", cert->common_name,
                                            "organisation", cert->organisation, "serial",
                                            cert->serial_hex));
    }
out:
    bk_chain_free(&chain);
    bk_x509_free(&cert);
    bk_buf_free(&content);
    bk_buf_free(&trusted);
    return err;
}

static enum bk_err do_encrypt(const struct cms_options *o, const struct bk_buf *in,
                              struct bk_buf *out, struct bk_failure *failure)
{
    struct bk_x509 *certs[BK_CMS_RECIPIENTS] = {NULL};
    enum bk_err err = BK_OK;
    for (size_t i = 0; err == BK_OK && i < o->to_count; i++) {
        struct bk_buf der = BK_BUF_INIT;
        err = read_certs(o->to[i], &der, failure);
        if (err == BK_OK && (err = bk_x509_parse(der.data, der.len, &certs[i])) != BK_OK)
            err = cmd_fail(failure, err, _("%s is not a certificate"), o->to[i]);
        bk_buf_free(&der);
    }
    if (err == BK_OK) {
        err = bk_cms_encrypt(in->data, in->len, (const struct bk_x509 *const *)certs, o->to_count,
                             out);
        if (err != BK_OK)
            err = cmd_fail(failure, err, _("not every certificate is for SM2"));
    }
    for (size_t i = 0; i < o->to_count; i++)
        bk_x509_free(&certs[i]);
    return err;
}

/* With each encryption key, old generations too: *found is BK_ENOTFOUND until one is the message's.
 * `any` leaves the certificate that the message names out of it. */
static enum bk_err try_keys(struct key_use *use, const CK_BJCA_CONTAINER *list, size_t n,
                            const struct cms_options *o, bool any, const struct bk_buf *in,
                            struct bk_buf *out, enum bk_err *found)
{
    enum bk_err err = BK_OK;
    for (size_t i = 0; err == BK_OK && *found == BK_ENOTFOUND && i < n; i++) {
        struct bk_x509 *cert = NULL;
        if (list[i].keyType != CKK_SM2 || !list[i].hasEncryptionCert ||
            list[i].role == CK_BJCA_STAGED)
            continue;
        if (!use->session)
            err = cmd_login(use->cmd, list[i].slotID, o->pin_fd, &use->session, use->failure);
        if (err == BK_OK)
            err = read_cert(use->cmd, &list[i], CK_BJCA_ENCRYPTION, &cert, use->failure);
        if (err == BK_OK)
            err = find_key(use, cert);
        if (err == BK_OK)
            *found = bk_cms_decrypt(in->data, in->len, any ? NULL : cert, opener, use, out);
        bk_x509_free(&cert);
    }
    return err;
}

static enum bk_err opens_none(void *context, const void *cipher, size_t len, struct bk_buf *plain)
{
    (void)context, (void)cipher, (void)len, (void)plain;
    return BK_ENOTFOUND;
}

/* Before anybody is asked for a PIN. */
static enum bk_err check_message(const struct cms_options *o, const struct bk_buf *in,
                                 struct bk_failure *failure)
{
    struct bk_buf none = BK_BUF_INIT;
    enum bk_err err = bk_cms_decrypt(in->data, in->len, NULL, opens_none, NULL, &none);
    bk_buf_free(&none);
    return err == BK_ENOTFOUND
               ? BK_OK
               : cmd_fail(failure, err, _("%s is not a message encrypted with SM2"), o->in);
}

/* The message names a certificate; one that was replaced while its key was kept is known by no one
 * any more, but its key still opens it. */
static enum bk_err do_decrypt(struct cmd *cmd, const struct cms_options *o, const struct bk_buf *in,
                              struct bk_buf *out, struct bk_failure *failure)
{
    CK_BJCA_CONTAINER list[BK_CONTAINERS_MAX];
    size_t n = BK_CONTAINERS_MAX;
    struct key_use use = {.cmd = cmd, .failure = failure};
    enum bk_err found = BK_ENOTFOUND;
    enum bk_err err = check_message(o, in, failure);
    if (err == BK_OK)
        err = cmd_open_key(cmd, failure);
    if (err == BK_OK)
        err = bk_module_containers(&cmd->module, cmd->key.slot, list, &n, failure);
    for (int any = 0; err == BK_OK && found == BK_ENOTFOUND && any < 2; any++)
        err = try_keys(&use, list, n, o, any, in, out, &found);
    if (err != BK_OK)
        return err;
    if (found == BK_ENOTFOUND)
        return cmd_fail(failure, found, _("the message isn't for a certificate of this key"));
    return found == BK_OK ? BK_OK : cmd_fail(failure, found, _("the message can't be opened"));
}

int cmd_cms(struct cmd *cmd, int argc, char **argv)
{
    struct cms_options o = {.action = argc > 1 ? argv[1] : "", .pin_fd = -1};
    struct bk_failure failure = {0};
    struct bk_buf in = BK_BUF_INIT, out = BK_BUF_INIT;
    if (strcmp(o.action, "sign") != 0 && strcmp(o.action, "verify") != 0 &&
        strcmp(o.action, "encrypt") != 0 && strcmp(o.action, "decrypt") != 0)
        return cmd_usage("cms", "%s", _("say cms sign, cms verify, cms encrypt or cms decrypt"));
    int code = parse(argc - 1, argv + 1, &o);
    if (code != EXIT_OK)
        return code;
    json_t *result = json_pack("{s:s?}", "out", o.out);
    enum bk_err err = read_file(o.in, &in, &failure);
    if (err == BK_OK)
        err = *o.action == 's'   ? do_sign(cmd, &o, &in, &out, &failure)
              : *o.action == 'v' ? do_verify(cmd, &o, &in, &out, result, &failure)
              : *o.action == 'e' ? do_encrypt(&o, &in, &out, &failure)
                                 : do_decrypt(cmd, &o, &in, &out, &failure);
    if (err == BK_OK && o.out)
        err = write_file(o.out, &out, &failure);
    bk_buf_free(&in);
    bk_buf_free(&out);
    if (err != BK_OK && failure.err != err)
        err = bk_fail(&failure, err, "%s", "");
    if (err == BK_OK && cmd->json)
        return cmd_print_json(result);
    json_decref(result);
    return err == BK_OK ? EXIT_OK : ui_failure(&failure);
}
