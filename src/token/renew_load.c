/* SPDX-License-Identifier: Apache-2.0 */
/* Loading certificates and the encryption key, and proving that what is there works. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "crypto/ctx.h"
#include "crypto/envelope.h"
#include "token/change.h"
#include "token/key.h"
#include "token/pending.h"
#include "token/renew.h"

#define CLOCK_SKEW 86400 /* seconds that a new certificate may seem to lie ahead */
#define STEPS 4

struct job {
    const char *name;
    const struct bk_renew_load *load;
    const struct bk_progress *progress;
    struct bk_x509 *sign, *enc;
    struct bk_container *c;
};

static enum bk_err step(const struct job *job, unsigned done)
{
    const struct bk_progress *p = job->progress;
    return p && p->step ? p->step(p->context, done, STEPS) : BK_OK;
}

enum bk_err bk_renew_check_cert(const struct bk_x509 *cert, const struct bk_pubkey *key,
                                enum bk_key_use use)
{
    int64_t now = time(NULL);
    unsigned want =
        use == BK_KEY_SIGNING ? BK_USAGE_SIGN | BK_USAGE_NON_REPUDIATION : BK_USAGE_ENCRYPTS;
    if (!bk_pubkey_equal(&cert->key, key) || cert->is_ca)
        return BK_EVERIFY;
    if (cert->not_after <= now || cert->not_before > now + CLOCK_SKEW)
        return BK_EVERIFY;
    return cert->has_usage && !(cert->usage & want) ? BK_EVERIFY : BK_OK;
}

static enum bk_err check_chain(const struct bk_token *t, const struct bk_renew_load *load,
                               const struct bk_x509 *cert)
{
    struct bk_chain chain;
    int64_t now = time(NULL);
    if (!load->chain || !cert)
        return BK_OK;
    enum bk_err err = bk_chain_parse(load->chain, load->chain_len, &chain);
    if (err)
        return err == BK_EFORMAT || err == BK_ELIMIT ? BK_EVERIFY : err;
    chain.sm2_id = load->sm2_id ? load->sm2_id : t->options.ca_sm2_id;
    err = bk_chain_verify(cert, &chain, cert->not_before > now ? cert->not_before : now);
    bk_chain_free(&chain);
    return err;
}

/* --- the encryption key
 * -------------------------------------------------------------------------*/

static enum bk_err import_sm2(struct bk_token *t, const struct job *job)
{
    struct bk_envelope_sm2 env;
    uint8_t point[64];
    memset(&env, 0, sizeof env);
    enum bk_err err = bk_envelope_sm2_parse(job->load->envelope, job->load->envelope_len, &env);
    if (!err && !bk_pubkey_equal(&env.pub, &job->enc->key))
        err = BK_EVERIFY;
    if (!err) {
        memcpy(point, env.pub.x, 32);
        memcpy(point + 32, env.pub.y, 32);
        err = bk_card_import_ecc_key_pair(t->card, job->c->id, &env.key, point, env.priv,
                                          env.priv_len);
    }
    bk_envelope_sm2_free(&env);
    return err;
}

static enum bk_err import_rsa(struct bk_token *t, const struct job *job)
{
    struct bk_envelope_rsa env;
    enum bk_err err = bk_envelope_rsa_parse(job->load->envelope, job->load->envelope_len, &env);
    return err ? err
               : bk_card_import_rsa_key_pair(t->card, job->c->id, (unsigned)job->enc->key.n_len * 8,
                                             env.key, env.key_len, env.priv, env.priv_len);
}

/* Whether the pair is there already: from a run that was cut, or kept. */
static enum bk_err has_enc_key(struct bk_token *t, const struct job *job, bool *has)
{
    struct bk_pubkey key;
    *has = false;
    if (job->c->info.enc_bits == 0)
        return BK_OK;
    enum bk_err err =
        bk_card_export_public_key(t->card, job->c->id, BK_KEY_ENCRYPTION, job->c->info.type, &key);
    if (err == BK_ENOTFOUND || err == BK_EFORMAT)
        return BK_OK;
    *has = !err && bk_pubkey_equal(&key, &job->enc->key);
    return err;
}

static enum bk_err put_enc_key(struct bk_token *t, struct job *job)
{
    bool has = false;
    enum bk_err err = has_enc_key(t, job, &has);
    if (err || has)
        return err;
    if (!job->load->envelope)
        return BK_EVERIFY;
    err = job->enc->key.alg == BK_ALG_SM2 ? import_sm2(t, job) : import_rsa(t, job);
    if (err == BK_EFORMAT || err == BK_EINVAL)
        err = BK_EVERIFY; /* not an envelope for this key */
    if (err)
        return err;
    err = bk_card_get_container_info(t->card, job->c->full, &job->c->info);
    if (!err)
        err = has_enc_key(t, job, &has);
    return err ? err : has ? BK_OK : BK_EVERIFY;
}

/* --- loading
 * ------------------------------------------------------------------------------------*/

static enum bk_err check_all(struct bk_token *t, struct job *job)
{
    struct bk_pubkey key;
    enum bk_err err = bk_container_open(t, job->c);
    if (!err)
        err =
            bk_card_export_public_key(t->card, job->c->id, BK_KEY_SIGNING, job->c->info.type, &key);
    if (!err)
        err = bk_renew_check_cert(job->sign, &key, BK_KEY_SIGNING);
    if (!err)
        err = check_chain(t, job->load, job->sign);
    if (!err && job->enc)
        err = bk_renew_check_cert(job->enc, &job->enc->key, BK_KEY_ENCRYPTION);
    if (!err && job->enc && job->enc->key.alg != job->sign->key.alg)
        err = BK_EVERIFY;
    if (!err)
        err = check_chain(t, job->load, job->enc);
    return err;
}

static enum bk_err put_pending_cert(struct bk_buf *to, const struct bk_x509 *cert)
{
    return cert ? bk_buf_put(to, cert->der.data, cert->der.len) : BK_OK;
}

static enum bk_err make_pending(const struct job *job, bool keep, struct bk_pending **out)
{
    struct bk_pending *p = calloc(1, sizeof *p);
    if (!p)
        return BK_ENOMEM;
    memcpy(p->name, job->c->name, sizeof p->name);
    p->generation = job->c->generation;
    enum bk_err err = keep && bk_renew_hides_old(job->c)
                          ? BK_ECORRUPT
                          : put_pending_cert(&p->new_cert[BK_KEY_SIGNING], job->sign);
    if (!err)
        err = put_pending_cert(&p->new_cert[BK_KEY_ENCRYPTION], job->enc);
    for (int use = 0; !err && keep && use < 2; use++)
        err = put_pending_cert(&p->old_cert[use], job->c->cert[use]);
    if (err)
        bk_pending_free(&p);
    *out = p;
    return err;
}

/* For the commit, on a key that takes no files. */
static enum bk_err hold(struct bk_token *t, const struct job *job)
{
    struct bk_pending *p = NULL;
    enum bk_err err = make_pending(job, false, &p);
    if (!err)
        bk_pending_hold(t, &p);
    return err;
}

static bool same(const struct bk_buf *saved, const struct bk_x509 *cert)
{
    size_t len = cert ? cert->der.len : 0;
    return saved->len == len && (len == 0 || memcmp(saved->data, cert->der.data, len) == 0);
}

/* A run before this one may have set the same aside, and replaced one certificate already. Of any
 * other renewal, of whatever container, the old ones are put back before its save file goes. */
static enum bk_err set_aside(struct bk_token *t, struct job *job)
{
    struct bk_pending *p = NULL;
    enum bk_err err = bk_pending_find(t, job->c, &p);
    bool saved = p && same(&p->new_cert[BK_KEY_SIGNING], job->sign) &&
                 same(&p->new_cert[BK_KEY_ENCRYPTION], job->enc);
    bk_pending_free(&p);
    if (err || saved)
        return err;
    err = bk_renew_put_back(t);
    bk_token_forget(t);
    if (!err)
        err = bk_token_refresh(t);
    job->c = err ? NULL : bk_token_current(t, job->name);
    if (!err && !job->c)
        err = BK_ESTATE;
    if (!err)
        err = make_pending(job, true, &p);
    if (!err)
        err = bk_pending_save(t, p);
    bk_pending_free(&p);
    return err;
}

/* The signing certificate goes last: it says that all is there. */
static enum bk_err load_staged(struct bk_token *t, struct job *job)
{
    enum bk_err err = step(job, 1);
    if (!err && job->enc)
        err = put_enc_key(t, job);
    if (!err)
        err = step(job, 2);
    if (!err && job->enc)
        err = bk_card_import_certificate(t->card, job->c->id, BK_KEY_ENCRYPTION, job->enc->der.data,
                                         job->enc->der.len);
    if (!err)
        err = step(job, 3);
    if (!err && !t->has_files)
        return hold(t, job);
    if (!err)
        err = bk_card_import_certificate(t->card, job->c->id, BK_KEY_SIGNING, job->sign->der.data,
                                         job->sign->der.len);
    return err;
}

static enum bk_err load_kept(struct bk_token *t, struct job *job)
{
    enum bk_err err = step(job, 1);
    bool has = true;
    if (!err && job->enc)
        err = has_enc_key(t, job, &has);
    if (!err && !has)
        err = BK_EVERIFY;
    return err ? err : set_aside(t, job);
}

static enum bk_err load(struct bk_token *t, void *arg)
{
    struct job *job = arg;
    bk_token_forget(t);
    enum bk_err err = bk_token_refresh(t);
    if (err)
        return err;
    job->c = bk_renew_staged(t, job->name);
    bool staged = job->c != NULL;
    if (!staged)
        job->c = bk_token_current(t, job->name);
    if (!job->c || job->c->info.sign_bits == 0)
        return BK_ESTATE;
    err = step(job, 0);
    if (!err)
        err = check_all(t, job);
    if (!err)
        err = staged ? load_staged(t, job) : load_kept(t, job);
    bk_token_forget(t);
    return err;
}

enum bk_err bk_renew_load(struct bk_token *t, const char *name, const struct bk_renew_load *l,
                          const struct bk_progress *progress)
{
    struct job job = {.name = name, .load = l, .progress = progress};
    enum bk_err err = bk_x509_parse(l->sign_cert, l->sign_cert_len, &job.sign);
    if (!err && l->enc_cert)
        err = bk_x509_parse(l->enc_cert, l->enc_cert_len, &job.enc);
    else if (!err && l->envelope) /* whose key would be left behind unseen */
        err = BK_EVERIFY;
    if (err)
        err = err == BK_ENOMEM ? err : BK_EVERIFY;
    else
        err = bk_token_run(t, load, &job);
    bk_x509_free(&job.sign);
    bk_x509_free(&job.enc);
    return err;
}

/* --- proof
 * --------------------------------------------------------------------------------------*/

struct proof {
    const char *name;
    struct bk_container *c;
    struct bk_x509 *cert[2];
};

/* From the key, or what waits to be written to it. */
static enum bk_err read_back(struct bk_token *t, struct proof *proof, const struct bk_pending *p,
                             enum bk_key_use use)
{
    struct bk_buf der = BK_BUF_INIT;
    bool has = use == BK_KEY_SIGNING ? proof->c->info.sign_cert : proof->c->info.enc_cert;
    enum bk_err err = BK_OK;
    bk_x509_free(&proof->cert[use]);
    if (p && p->new_cert[use].len)
        err = bk_buf_put(&der, p->new_cert[use].data, p->new_cert[use].len);
    else if (has)
        err = bk_card_export_certificate(t->card, proof->c->id, use, &der);
    if (!err && der.len)
        err = bk_x509_parse(der.data, der.len, &proof->cert[use]);
    bk_buf_free(&der);
    return err == BK_EFORMAT ? BK_EVERIFY : err;
}

static enum bk_err check_pair(struct bk_token *t, const struct proof *proof, enum bk_key_use use)
{
    struct bk_pubkey key;
    enum bk_err err =
        bk_card_export_public_key(t->card, proof->c->id, use, proof->c->info.type, &key);
    return err ? err : bk_renew_check_cert(proof->cert[use], &key, use);
}

static enum bk_err try_signing(struct bk_token *t, const struct proof *proof)
{
    static const char text[] = "bjca-pkcs11 checks a new signing key";
    struct bk_buf signature = BK_BUF_INIT;
    const struct bk_pubkey *key = &proof->cert[BK_KEY_SIGNING]->key;
    enum bk_err err = bk_token_sign_message(t, proof->c, key, text, sizeof text - 1, &signature);
    if (!err)
        err = bk_pubkey_verify_message(key, text, sizeof text - 1, signature.data, signature.len);
    bk_buf_free(&signature);
    return err;
}

static enum bk_err decrypt_rsa(struct bk_token *t, const struct proof *proof,
                               const uint8_t probe[32], struct bk_buf *back)
{
    const struct bk_pubkey *key = &proof->cert[BK_KEY_ENCRYPTION]->key;
    struct bk_buf cipher = BK_BUF_INIT, block = BK_BUF_INIT;
    enum bk_err err = bk_rsa_encrypt(key, probe, 32, &cipher);
    if (!err)
        err = bk_token_rsa_private(t, proof->c, BK_KEY_ENCRYPTION, cipher.data, cipher.len, &block);
    if (!err)
        err = bk_rsa_unpad(block.data, block.len, back);
    bk_buf_free(&cipher);
    bk_buf_free(&block);
    return err;
}

static enum bk_err decrypt_sm2(struct bk_token *t, const struct proof *proof,
                               const uint8_t probe[32], struct bk_buf *back)
{
    struct bk_sm2_cipher cipher;
    memset(&cipher, 0, sizeof cipher);
    enum bk_err err = bk_sm2_encrypt(&proof->cert[BK_KEY_ENCRYPTION]->key, probe, 32, &cipher);
    if (!err)
        err = bk_token_sm2_decrypt(t, proof->c, &cipher, back);
    bk_sm2_cipher_free(&cipher);
    return err;
}

/* For a key that decrypts nothing for us: it opens a sealed session key, and says so only when the
 * padding (RSA) or the digest inside (SM2) was right, for which it needs the private half. */
static enum bk_err open_session_key(struct bk_token *t, const struct proof *proof)
{
    const struct bk_pubkey *key = &proof->cert[BK_KEY_ENCRYPTION]->key;
    struct bk_sm2_cipher sealed;
    struct bk_buf cipher = BK_BUF_INIT;
    uint8_t secret[16], id[2];
    memset(&sealed, 0, sizeof sealed);
    enum bk_err err = bk_random(secret, sizeof secret);
    if (!err && key->alg == BK_ALG_SM2) {
        err = bk_sm2_encrypt(key, secret, sizeof secret, &sealed);
        if (!err)
            err = bk_card_import_session_key_sm2(t->card, proof->c->id, &sealed, id);
    } else if (!err) {
        err = bk_rsa_encrypt(key, secret, sizeof secret, &cipher);
        if (!err)
            err =
                bk_card_import_session_key_rsa(t->card, proof->c->id, cipher.data, cipher.len, id);
    }
    if (!err)
        err = bk_card_destroy_session_key(t->card, proof->c->id, id);
    bk_wipe(secret, sizeof secret);
    bk_sm2_cipher_free(&sealed);
    bk_buf_free(&cipher);
    return err;
}

static enum bk_err try_decrypting(struct bk_token *t, const struct proof *proof)
{
    uint8_t probe[32];
    struct bk_buf back = BK_BUF_INIT;
    enum bk_err err = bk_random(probe, sizeof probe);
    if (!err)
        err = proof->cert[BK_KEY_ENCRYPTION]->key.alg == BK_ALG_SM2
                  ? decrypt_sm2(t, proof, probe, &back)
                  : decrypt_rsa(t, proof, probe, &back);
    if (!err && !bk_secret_equal(back.data, back.len, probe, sizeof probe))
        err = BK_EVERIFY;
    if (err == BK_EUNSUPPORTED)
        err = open_session_key(t, proof);
    /* a key without that too, or with a form of its own for it: that its public half is the
     * certificate's was checked */
    if (err == BK_EUNSUPPORTED || err == BK_EINVAL)
        err = BK_OK;
    bk_buf_free(&back);
    return err == BK_EFORMAT ? BK_EVERIFY : err;
}

static enum bk_err read_all(struct bk_token *t, struct proof *proof)
{
    struct bk_pending *p = NULL;
    enum bk_err err = bk_container_open(t, proof->c);
    if (!err)
        err = bk_pending_find(t, proof->c, &p);
    if (!err)
        err = bk_card_before_certificates(t->card);
    if (!err)
        err = read_back(t, proof, p, BK_KEY_SIGNING);
    if (!err)
        err = read_back(t, proof, p, BK_KEY_ENCRYPTION);
    bk_pending_free(&p);
    return err;
}

static enum bk_err prove(struct bk_token *t, void *arg)
{
    struct proof *proof = arg;
    bk_token_forget(t);
    enum bk_err err = bk_token_refresh(t);
    if (err)
        return err;
    proof->c = bk_renew_staged(t, proof->name);
    if (!proof->c)
        proof->c = bk_token_current(t, proof->name);
    if (!proof->c)
        return BK_ENOTFOUND;
    err = read_all(t, proof);
    if (!err && !proof->cert[BK_KEY_SIGNING])
        err = BK_ESTATE;
    if (!err)
        err = check_pair(t, proof, BK_KEY_SIGNING);
    if (!err)
        err = try_signing(t, proof);
    if (!err && proof->cert[BK_KEY_ENCRYPTION])
        err = check_pair(t, proof, BK_KEY_ENCRYPTION);
    if (!err && proof->cert[BK_KEY_ENCRYPTION])
        err = try_decrypting(t, proof);
    return err;
}

enum bk_err bk_renew_prove(struct bk_token *t, const char *name)
{
    struct proof proof = {.name = name};
    enum bk_err err = bk_token_run_reading(t, prove, &proof);
    bk_x509_free(&proof.cert[0]);
    bk_x509_free(&proof.cert[1]);
    return err;
}
