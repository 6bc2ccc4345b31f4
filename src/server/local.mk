if PLATFORM
noinst_LIBRARIES += libserver.a
libserver_a_CPPFLAGS = $(BK_CPPFLAGS) $(OPENSSL_CFLAGS) $(JANSSON_CFLAGS) $(MHD_CFLAGS) $(GNUTLS_CFLAGS) \
	$(SQLITE_CFLAGS) $(PQ_CFLAGS) $(PQ_CPPFLAGS) -DSBINDIR=\"$(sbindir)\" \
	-DPKGDATADIR=\"$(pkgdatadir)\"
libserver_a_SOURCES = \
	src/server/admin.c src/server/admin.h src/server/rotate.c src/server/api.c src/server/api.h \
	src/server/applications.c src/server/customers.c src/server/identity.c src/server/identity.h \
	src/server/verification.c src/server/verification.h src/server/verifications.c \
	src/server/admin_review.c src/server/admin_review.h src/server/admin_unlock.c \
	src/server/fill.c src/server/fill.h src/server/mail.c src/server/mail.h \
	src/server/order_tell.c src/server/order_tell.h src/server/retention.c src/server/retention.h \
	src/server/review.c src/server/review.h src/server/invoice_api.c src/server/invoices.c src/server/invoices.h \
	src/server/sim_invoice.c src/server/documents.c src/server/signatures.c \
	src/server/upload.c src/server/upload.h src/server/upload_api.c src/server/upload_api.h \
	src/server/upload_folder.c src/server/upload_folder.h \
	src/server/order_view.c src/server/tell.c src/server/tell.h src/server/pem.c src/server/pem.h \
	src/server/production.c src/server/production.h src/server/production_pin.c \
	src/server/production_api.c src/server/production_api.h src/server/production_issue.c \
	src/server/production_row.c src/server/production_row.h src/server/platform.c src/server/platform.h \
	src/server/sim.c src/server/sim.h src/server/sim_sms.c src/server/sim_identity.c \
	src/server/sim_client.c src/server/sim_client.h src/server/sim_pay.c src/server/sim_pay.h \
	src/server/sim_notice.c src/server/sms.c src/server/sms.h src/server/tls.c src/server/tls.h \
	src/server/work.c src/server/work.h src/server/info.c src/server/issuing.c src/server/issuing.h \
	src/server/issue_api.c src/server/login.c src/server/notify.c src/server/order.c src/server/order.h \
	src/server/origin.c src/server/origin.h \
	src/server/orders.c src/server/order_api.h src/server/pay.c src/server/pay.h \
	src/server/keycmd.c src/server/keycmd.h src/server/keys.c src/server/keys.h \
	src/server/key_account.c src/server/key_account.h src/server/key_people.c src/server/key_people.h \
	src/server/redeem.c src/server/revoke.c src/server/revoke.h src/server/signed.c src/server/signed.h \
	src/server/unlock_run.c src/server/unlock_tell.c src/server/unlock_tell.h src/server/unlock_transfer.c \
	src/server/unlocks.c src/server/unlock_api.c src/server/unlock_api.h src/server/unlock_papers.c \
	src/server/unlock_review.c src/server/unlock_review.h src/server/cad.c src/server/cad.h \
	src/server/cad_parts.h src/server/cad_serve.c src/server/cad_answer.c \
	src/server/cad_token.c src/server/cad_token.h src/server/cad_profile.c src/server/cad_profile.h \
	src/server/ocsp.c src/server/cad_journal.c src/server/cad_journal.h src/server/est.c src/server/policy.c \
	src/server/app.h src/server/settings.c src/server/settings.h \
	src/server/admin_staff.c src/server/admin_staff.h src/server/staff_api.c \
	src/server/staff_login.c src/server/staff_login.h src/server/page_words.c src/server/page_words.h \
	src/server/pages_audit.c src/server/pages_keys.c src/server/pages_outbox.c src/server/pages_production.c \
	src/server/pages_unlock.c src/server/pages_unlocks.c src/server/pages_login.c \
	src/server/pages_order.c src/server/pages_order.h src/server/pages_orders.c \
	src/server/totp.c src/server/totp.h src/server/schema.c src/server/schema.h
# What the fuzz targets feed, and what that stands on: so nothing else of the platform is built for them. A target
# that needs more isn't linked: what it misses comes here.
noinst_LIBRARIES += libserverread.a
libserverread_a_CPPFLAGS = $(libserver_a_CPPFLAGS)
libserverread_a_SOURCES = \
	src/server/acs3.c src/server/acs3.h src/server/aliyun.c src/server/aliyun.h \
	src/server/application.c src/server/application.h src/server/code.c src/server/code.h \
	src/server/calendar.c src/server/calendar.h src/server/invoice.c src/server/invoice.h \
	src/server/filetype.c src/server/filetype.h src/server/again.c src/server/again.h \
	src/server/flush.c src/server/flush.h src/server/numbers.c src/server/numbers.h \
	src/server/certs.c src/server/certs.h src/server/child.c src/server/child.h \
	src/server/form.c src/server/form.h src/server/phone.c src/server/phone.h \
	src/server/audit.c src/server/audit.h src/server/pay_answer.c src/server/pay_answer.h \
	src/server/rsa2.c src/server/rsa2.h src/server/outbox.c src/server/outbox.h \
	src/server/unlock.c src/server/unlock.h src/server/unlock_msg.c src/server/unlock_msg.h \
	src/server/ca.c src/server/ca.h src/server/cad_wire.c src/server/cad_wire.h \
	src/server/escrow.c src/server/escrow.h src/server/kek.c src/server/kek.h src/server/p11.c src/server/p11.h \
	src/server/p11_parts.h src/server/p11_refused.c src/server/p11_refused.h \
	src/server/idempotency.c src/server/idempotency.h src/server/limits.c src/server/limits.h \
	src/server/problem.c src/server/problem.h src/server/proxy.c src/server/proxy.h \
	src/server/router.c src/server/router.h src/server/session.c src/server/session.h \
	src/server/staff.c src/server/staff.h src/server/staff_session.c src/server/staff_session.h \
	src/server/html.c src/server/html.h src/server/page.c src/server/page.h src/server/page_style.c \
	src/server/httpd.c src/server/httpd.h src/server/httpd_values.c src/server/head.c src/server/head.h \
	src/server/listen.c src/server/listen.h src/server/queue.c src/server/queue.h \
	src/server/waiters.c src/server/waiters.h src/server/ident.c src/server/ident.h \
	src/server/metrics.c src/server/metrics.h src/server/store.c src/server/store.h src/server/store_driver.h \
	src/server/store_sqlite.c src/server/batch.c src/server/batch.h
if POSTGRESQL
libserverread_a_SOURCES += src/server/store_pg.c src/server/store_pg.h src/server/store_pg_run.c
endif
BK_SERVER_READ_LIBS = libserverread.a libcrypto_bk.a $(BK_NET_LIBS) $(MHD_LIBS) $(GNUTLS_LIBS) $(SQLITE_LIBS) $(PQ_LIBS) -lpthread
BK_SERVER_LIBS = libserver.a $(BK_SERVER_READ_LIBS)
# beside the programs as it is installed, for those that run from the build's folder
dist_pkgdata_DATA = src/server/workdays
noinst_DATA += workdays
CLEANFILES += workdays
workdays: src/server/workdays
	$(AM_V_GEN)cp $(srcdir)/src/server/workdays $@
endif
