/* SPDX-License-Identifier: Apache-2.0 */
/* The commands of bjca-platformd for what is reviewed: orders, and unlocks with documents. */
#include "tools/platformd.h"

#include "server/admin_review.h"

enum bk_err platformd_review_list(struct bk_platform *platform, const char *none,
                                  const struct args *args, struct bk_admin_why *why)
{
    (void)none;
    (void)args;
    (void)why;
    return bk_admin_review_list(bk_platform_app(platform), stdout);
}

enum bk_err platformd_review_show(struct bk_platform *platform, const char *id,
                                  const struct args *args, struct bk_admin_why *why)
{
    (void)args;
    return bk_admin_review_show(bk_platform_app(platform), id, stdout, why);
}

enum bk_err platformd_review_document(struct bk_platform *platform, const char *id,
                                      const struct args *args, struct bk_admin_why *why)
{
    return bk_admin_review_document(bk_platform_app(platform), id, args->kind, args->out, why);
}

enum bk_err platformd_review_approve(struct bk_platform *platform, const char *id,
                                     const struct args *args, struct bk_admin_why *why)
{
    (void)args;
    return bk_admin_review_decide(bk_platform_app(platform), id, NULL, why);
}

enum bk_err platformd_review_reject(struct bk_platform *platform, const char *id,
                                    const struct args *args, struct bk_admin_why *why)
{
    return bk_admin_review_decide(bk_platform_app(platform), id, args->reason, why);
}

enum bk_err platformd_unlock_list(struct bk_platform *platform, const char *none,
                                  const struct args *args, struct bk_admin_why *why)
{
    (void)none;
    (void)args;
    (void)why;
    return bk_admin_unlock_list(bk_platform_app(platform), stdout);
}

enum bk_err platformd_unlock_show(struct bk_platform *platform, const char *id,
                                  const struct args *args, struct bk_admin_why *why)
{
    (void)args;
    return bk_admin_unlock_show(bk_platform_app(platform), id, stdout, why);
}

enum bk_err platformd_unlock_document(struct bk_platform *platform, const char *id,
                                      const struct args *args, struct bk_admin_why *why)
{
    return bk_admin_unlock_document(bk_platform_app(platform), id, args->kind, args->out, why);
}

enum bk_err platformd_unlock_approve(struct bk_platform *platform, const char *id,
                                     const struct args *args, struct bk_admin_why *why)
{
    (void)args;
    return bk_admin_unlock_decide(bk_platform_app(platform), id, NULL, why);
}

enum bk_err platformd_unlock_reject(struct bk_platform *platform, const char *id,
                                    const struct args *args, struct bk_admin_why *why)
{
    return bk_admin_unlock_decide(bk_platform_app(platform), id, args->reason, why);
}
