/* SPDX-License-Identifier: Apache-2.0 */
/* A first certificate on a key, at a production station: the request goes out, what the CA made
 * comes in, as files. The platform's side is bjca-platformd cert issue. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "tools/cmd.h"

#define FILE_MAX ((size_t)64 * 1024)

struct issue_options {
    const char *container, *type, *file;
    int pin_fd;
};

static int parse(int argc, char **argv, bool loading, struct issue_options *o)
{
    static const struct option options[] = {
        {"container", required_argument, NULL, 'c'}, {"type", required_argument, NULL, 't'},
        {"out", required_argument, NULL, 'o'},       {"from", required_argument, NULL, 'f'},
        {"pin-fd", required_argument, NULL, 'p'},    {0}};
    int c;
    while ((c = cmd_option("issue", argc, argv, "+:", options)) != -1) {
        if (c == 'c')
            o->container = optarg;
        else if (c == 't')
            o->type = optarg;
        else if ((c == 'o' && !loading) || (c == 'f' && loading))
            o->file = optarg;
        else if (c == 'p') {
            int code = cmd_fd("issue", "--pin-fd", optarg, &o->pin_fd);
            if (code != EXIT_OK)
                return code;
        } else if (c == 'o' || c == 'f')
            return cmd_usage("issue", "%s",
                             _("--out goes with issue request, --from with issue load"));
        else
            return EXIT_USAGE;
    }
    if (!o->container || !o->file || (!loading && !o->type))
        return cmd_missing("issue", !o->container ? "--container"
                                    : loading     ? "--from"
                                    : !o->type    ? "--type"
                                                  : "--out");
    if (!loading && strcmp(o->type, "rsa") != 0 && strcmp(o->type, "sm2") != 0)
        return cmd_usage("issue", "%s", _("--type is rsa or sm2"));
    /* '~' is before the number of a generation */
    if (!*o->container || strlen(o->container) > CK_BJCA_RENEWABLE_MAX || strchr(o->container, '~'))
        return cmd_usage("issue", _("a container's name has 1 to %d bytes and no ~"),
                         CK_BJCA_RENEWABLE_MAX);
    return cmd_no_more("issue", argc, argv);
}

static enum bk_err request(struct cmd *cmd, CK_SESSION_HANDLE session,
                           const struct issue_options *o, struct bk_failure *failure)
{
    CK_BYTE csr[4096];
    CK_ULONG len = sizeof csr;
    const CK_UTF8CHAR *name = (const CK_UTF8CHAR *)o->container;
    const CK_BJCA_FUNCTION_LIST *bjca = cmd->module.bjca;
    CK_BJCA_RENEW_PARAMS params = {
        .ulSize = sizeof params,
        /* lint clang-analyzer-core.NonNullParamChecker: --type was looked for */
        .keyType = strcmp(o->type, "rsa") == 0 ? CKK_RSA : CKK_SM2};
    CK_RV rv = bjca->BJCA_RenewBegin(session, name, &params, NULL, NULL);
    if (rv == CKR_OK)
        rv = bjca->BJCA_RenewRequest(session, name, &params, csr, &len);
    enum bk_err err = bk_module_result(&cmd->module, rv, failure);
    if (err == BK_OK && (err = bk_file_output(o->file, csr, len, 0644)) != BK_OK)
        err = bk_fail(failure, err, "%s", o->file);
    return err;
}

static enum bk_err read_part(const char *prefix, const char *suffix, struct bk_buf *out,
                             struct bk_failure *failure)
{
    struct bk_buf path = BK_BUF_INIT;
    const char *text = NULL;
    enum bk_err err = bk_buf_printf(&path, "%s.%s", prefix, suffix);
    if (err == BK_OK)
        err = bk_buf_cstr(&path, &text);
    if (err == BK_OK)
        err = bk_file_read(text, FILE_MAX, out);
    if (err != BK_OK)
        err = bk_fail(failure, err, "%s.%s", prefix, suffix);
    bk_buf_free(&path);
    return err;
}

static enum bk_err load(struct cmd *cmd, CK_SESSION_HANDLE session, const struct issue_options *o,
                        struct bk_failure *failure)
{
    struct bk_buf sign = BK_BUF_INIT, enc = BK_BUF_INIT, env = BK_BUF_INIT, chain = BK_BUF_INIT,
                  id = BK_BUF_INIT;
    const CK_UTF8CHAR *name = (const CK_UTF8CHAR *)o->container;
    const CK_BJCA_FUNCTION_LIST *bjca = cmd->module.bjca;
    enum bk_err err = read_part(o->file, "sign.der", &sign, failure);
    if (err == BK_OK)
        err = read_part(o->file, "enc.der", &enc, failure);
    if (err == BK_OK)
        err = read_part(o->file, "env", &env, failure);
    if (err == BK_OK)
        err = read_part(o->file, "chain", &chain, failure);
    /* of an RSA CA there is none */
    if (err == BK_OK && (err = read_part(o->file, "sm2-id", &id, failure)) == BK_ENOTFOUND)
        err = BK_OK;
    if (err != BK_OK)
        goto out;
    CK_BJCA_LOAD parts = {.ulSize = sizeof parts,
                          .signCert = sign.data,
                          .signCertLen = sign.len,
                          .encCert = enc.data,
                          .encCertLen = enc.len,
                          .envelope = env.data,
                          .envelopeLen = env.len,
                          .chain = chain.data,
                          .chainLen = chain.len,
                          .sm2Id = id.len ? id.data : NULL,
                          .sm2IdLen = id.len};
    CK_RV rv = bjca->BJCA_RenewLoad(session, name, &parts, NULL, NULL);
    if (rv == CKR_OK)
        rv = bjca->BJCA_RenewProve(session, name);
    if (rv == CKR_OK)
        rv = bjca->BJCA_RenewCommit(session, name);
    err = bk_module_result(&cmd->module, rv, failure);
out:
    bk_buf_free(&sign);
    bk_buf_free(&enc);
    bk_buf_free(&env);
    bk_buf_free(&chain);
    bk_buf_free(&id);
    return err;
}

int cmd_issue(struct cmd *cmd, int argc, char **argv)
{
    struct issue_options o = {.pin_fd = -1};
    struct bk_failure failure;
    CK_SESSION_HANDLE session = 0;
    bool loading = argc > 1 && strcmp(argv[1], "load") == 0;
    if (argc < 2 || (!loading && strcmp(argv[1], "request") != 0))
        return cmd_usage("issue", "%s", _("say issue request or issue load"));
    int code = parse(argc - 1, argv + 1, loading, &o);
    if (code != EXIT_OK)
        return code;
    enum bk_err err = cmd_open_key(cmd, &failure);
    if (err == BK_OK)
        err = cmd_login(cmd, cmd->key.slot, o.pin_fd, &session, &failure);
    if (err == BK_OK)
        err = loading ? load(cmd, session, &o, &failure) : request(cmd, session, &o, &failure);
    if (err != BK_OK)
        return ui_failure(&failure);
    if (cmd->json)
        return cmd_print_json(json_pack("{s:s, s:s}", "container", o.container,
                                        loading ? "loaded" : "request", o.file));
    if (loading)
        ui_say(_("The certificates are in container %s."), o.container);
    else
        ui_say(_("The request is in %s."), o.file);
    return EXIT_OK;
}
