# Fuzz targets: tests/fuzz/NAME.c holds LLVMFuzzerTestOneInput; built with --enable-fuzzing.
# tests/fuzz/run runs each for a while on its corpus (tests/fuzz/corpus/NAME).
if FUZZING
fuzzer_flags = $(BK_TEST_CPPFLAGS)
fuzzer_link = $(BK_LDFLAGS) -fsanitize=fuzzer

noinst_PROGRAMS += fuzz_tlv fuzz_config fuzz_json fuzz_cms
fuzz_tlv_SOURCES = tests/fuzz/tlv.c
fuzz_tlv_CPPFLAGS = $(fuzzer_flags)
fuzz_tlv_LDFLAGS = $(fuzzer_link)
fuzz_tlv_LDADD = libbase.la
fuzz_config_SOURCES = tests/fuzz/config.c
fuzz_config_CPPFLAGS = $(fuzzer_flags)
fuzz_config_LDFLAGS = $(fuzzer_link)
fuzz_config_LDADD = libbase.la
fuzz_cms_SOURCES = tests/fuzz/cms.c
fuzz_cms_CPPFLAGS = $(fuzzer_flags)
fuzz_cms_LDFLAGS = $(fuzzer_link)
fuzz_cms_LDADD = libcrypto_bk.la libbase.la
fuzz_json_SOURCES = tests/fuzz/json.c
fuzz_json_CPPFLAGS = $(fuzzer_flags) $(JANSSON_CFLAGS)
fuzz_json_LDFLAGS = $(fuzzer_link)
fuzz_json_LDADD = libclient.la libnet.la libbase.la
endif
