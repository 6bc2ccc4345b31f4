# Fuzz targets: tests/fuzz/NAME.c holds LLVMFuzzerTestOneInput; built with --enable-fuzzing.
# tests/fuzz/run runs each for a while on its corpus (tests/fuzz/corpus/NAME).
if FUZZING
fuzzer_flags = $(BK_TEST_CPPFLAGS)
fuzzer_link = $(BK_LDFLAGS) -fsanitize=fuzzer

noinst_PROGRAMS += fuzz_tlv fuzz_config fuzz_json fuzz_cms
fuzz_tlv_SOURCES = tests/fuzz/tlv.c
fuzz_tlv_CPPFLAGS = $(fuzzer_flags)
fuzz_tlv_LDFLAGS = $(fuzzer_link)
fuzz_tlv_LDADD = $(BK_BASE_LIBS)
fuzz_config_SOURCES = tests/fuzz/config.c
fuzz_config_CPPFLAGS = $(fuzzer_flags)
fuzz_config_LDFLAGS = $(fuzzer_link)
fuzz_config_LDADD = $(BK_BASE_LIBS)
fuzz_cms_SOURCES = tests/fuzz/cms.c
fuzz_cms_CPPFLAGS = $(fuzzer_flags)
fuzz_cms_LDFLAGS = $(fuzzer_link)
fuzz_cms_LDADD = $(BK_CRYPTO_LIBS)
fuzz_json_SOURCES = tests/fuzz/json.c
fuzz_json_CPPFLAGS = $(fuzzer_flags) $(JANSSON_CFLAGS)
fuzz_json_LDFLAGS = $(fuzzer_link)
fuzz_json_LDADD = $(BK_CLIENT_LIBS)

# --- keys in DER, the virtual key
noinst_PROGRAMS += fuzz_der
fuzz_der_SOURCES = tests/fuzz/der.c
fuzz_der_CPPFLAGS = $(fuzzer_flags)
fuzz_der_LDFLAGS = $(fuzzer_link)
fuzz_der_LDADD = $(BK_CRYPTO_LIBS)
if VIRTUAL_KEY
noinst_PROGRAMS += fuzz_vkey fuzz_vkey_state
fuzz_vkey_SOURCES = tests/fuzz/vkey.c
fuzz_vkey_CPPFLAGS = $(fuzzer_flags)
fuzz_vkey_LDFLAGS = $(fuzzer_link)
fuzz_vkey_LDADD = $(BK_VKEY_LIBS)
fuzz_vkey_state_SOURCES = tests/fuzz/vkey_state.c
fuzz_vkey_state_CPPFLAGS = $(fuzzer_flags)
fuzz_vkey_state_LDFLAGS = $(fuzzer_link)
fuzz_vkey_state_LDADD = $(BK_VKEY_LIBS)
endif

# --- the platform
if PLATFORM
noinst_PROGRAMS += fuzz_unlock fuzz_body fuzz_phone fuzz_proxy fuzz_apply \
	fuzz_filetype fuzz_invoice fuzz_head fuzz_pay_answer
fuzz_pay_answer_SOURCES = tests/fuzz/pay_answer.c
fuzz_pay_answer_CPPFLAGS = $(fuzzer_flags) $(JANSSON_CFLAGS)
fuzz_pay_answer_LDFLAGS = $(fuzzer_link)
fuzz_pay_answer_LDADD = $(BK_SERVER_READ_LIBS)
fuzz_head_SOURCES = tests/fuzz/head.c
fuzz_head_CPPFLAGS = $(fuzzer_flags)
fuzz_head_LDFLAGS = $(fuzzer_link)
fuzz_head_LDADD = $(BK_SERVER_READ_LIBS)
fuzz_invoice_SOURCES = tests/fuzz/invoice.c
fuzz_invoice_CPPFLAGS = $(fuzzer_flags) $(JANSSON_CFLAGS)
fuzz_invoice_LDFLAGS = $(fuzzer_link)
fuzz_invoice_LDADD = $(BK_SERVER_READ_LIBS)
fuzz_filetype_SOURCES = tests/fuzz/filetype.c
fuzz_filetype_CPPFLAGS = $(fuzzer_flags)
fuzz_filetype_LDFLAGS = $(fuzzer_link)
fuzz_filetype_LDADD = $(BK_SERVER_READ_LIBS)
fuzz_apply_SOURCES = tests/fuzz/apply.c
fuzz_apply_CPPFLAGS = $(fuzzer_flags) $(JANSSON_CFLAGS)
fuzz_apply_LDFLAGS = $(fuzzer_link)
fuzz_apply_LDADD = $(BK_SERVER_READ_LIBS)
fuzz_proxy_SOURCES = tests/fuzz/proxy.c
fuzz_proxy_CPPFLAGS = $(fuzzer_flags)
fuzz_proxy_LDFLAGS = $(fuzzer_link)
fuzz_proxy_LDADD = $(BK_SERVER_READ_LIBS)
fuzz_phone_SOURCES = tests/fuzz/phone.c
fuzz_phone_CPPFLAGS = $(fuzzer_flags)
fuzz_phone_LDFLAGS = $(fuzzer_link)
fuzz_phone_LDADD = $(BK_SERVER_READ_LIBS)
fuzz_unlock_SOURCES = tests/fuzz/unlock.c
fuzz_unlock_CPPFLAGS = $(fuzzer_flags)
fuzz_unlock_LDFLAGS = $(fuzzer_link)
fuzz_unlock_LDADD = $(BK_SERVER_READ_LIBS)
fuzz_body_SOURCES = tests/fuzz/body.c
fuzz_body_CPPFLAGS = $(fuzzer_flags) $(JANSSON_CFLAGS)
fuzz_body_LDFLAGS = $(fuzzer_link)
fuzz_body_LDADD = $(BK_SERVER_READ_LIBS)
endif

# --- what the module reads: a key's answers, the platform's, certificates
noinst_PROGRAMS += fuzz_card fuzz_unlock_msg fuzz_cert fuzz_ocsp fuzz_stored
fuzz_stored_SOURCES = tests/fuzz/stored.c
fuzz_stored_CPPFLAGS = $(fuzzer_flags)
fuzz_stored_LDFLAGS = $(fuzzer_link)
fuzz_stored_LDADD = $(BK_MODULE_LIBS)
fuzz_card_SOURCES = tests/fuzz/card.c
fuzz_card_CPPFLAGS = $(fuzzer_flags)
fuzz_card_LDFLAGS = $(fuzzer_link)
fuzz_card_LDADD = $(BK_MODULE_LIBS)
fuzz_unlock_msg_SOURCES = tests/fuzz/unlock_msg.c
fuzz_unlock_msg_CPPFLAGS = $(fuzzer_flags)
fuzz_unlock_msg_LDFLAGS = $(fuzzer_link)
fuzz_unlock_msg_LDADD = $(BK_MODULE_LIBS)
fuzz_ocsp_SOURCES = tests/fuzz/ocsp.c
fuzz_ocsp_CPPFLAGS = $(fuzzer_flags)
fuzz_ocsp_LDFLAGS = $(fuzzer_link)
fuzz_ocsp_LDADD = $(BK_CRYPTO_LIBS)
fuzz_cert_SOURCES = tests/fuzz/cert.c
fuzz_cert_CPPFLAGS = $(fuzzer_flags)
fuzz_cert_LDFLAGS = $(fuzzer_link)
fuzz_cert_LDADD = $(BK_CRYPTO_LIBS)

# the whole module, over a key that may lie
if VIRTUAL_KEY
if TESTS
noinst_PROGRAMS += fuzz_entry fuzz_template fuzz_vendor fuzz_key_cert fuzz_state
noinst_LIBRARIES += libfuzzhost.a
libfuzzhost_a_SOURCES = tests/fuzz/host.c tests/fuzz/host.h tests/fuzz/draw.c tests/fuzz/draw.h \
	tests/fuzz/calls.c tests/fuzz/calls.h tests/fuzz/calls_vendor.c \
	tests/support/codes.c tests/support/codes.h
libfuzzhost_a_CPPFLAGS = $(module_fuzz_cppflags)
module_fuzz_cppflags = $(BK_MODTEST_CPPFLAGS) -I$(srcdir)/tests/fuzz
module_fuzz_ldflags = $(fuzzer_link) -Wl,--wrap=bk_rsa_generate -Wl,--wrap=bk_random \
	-Wl,--wrap=bk_crypto_cleanup -Wl,--wrap=time
fuzz_entry_SOURCES = tests/fuzz/entry.c
fuzz_entry_CPPFLAGS = $(module_fuzz_cppflags)
fuzz_entry_LDFLAGS = $(module_fuzz_ldflags)
fuzz_entry_LDADD = libfuzzhost.a liblife.a libmodhost.a $(BK_MODULE_LIBS)
fuzz_template_SOURCES = tests/fuzz/template.c
fuzz_template_CPPFLAGS = $(module_fuzz_cppflags)
fuzz_template_LDFLAGS = $(module_fuzz_ldflags)
fuzz_template_LDADD = libfuzzhost.a liblife.a libmodhost.a $(BK_MODULE_LIBS)
fuzz_vendor_SOURCES = tests/fuzz/vendor.c
fuzz_vendor_CPPFLAGS = $(module_fuzz_cppflags)
fuzz_vendor_LDFLAGS = $(module_fuzz_ldflags)
fuzz_vendor_LDADD = libfuzzhost.a liblife.a libmodhost.a $(BK_MODULE_LIBS)
fuzz_key_cert_SOURCES = tests/fuzz/key_cert.c
fuzz_key_cert_CPPFLAGS = $(module_fuzz_cppflags)
fuzz_key_cert_LDFLAGS = $(module_fuzz_ldflags)
fuzz_key_cert_LDADD = libfuzzhost.a liblife.a libmodhost.a $(BK_MODULE_LIBS)
fuzz_state_SOURCES = tests/fuzz/state.c
fuzz_state_CPPFLAGS = $(module_fuzz_cppflags)
fuzz_state_LDFLAGS = $(module_fuzz_ldflags)
fuzz_state_LDADD = libfuzzhost.a liblife.a libmodhost.a $(BK_MODULE_LIBS)
endif
endif
endif

fuzz-targets: $(noinst_PROGRAMS)
.PHONY: fuzz-targets
