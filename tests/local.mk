# Test programs. Each tests/unit/NAME.c is one Check program of one subject, linked with the
# convenience libraries of the layers it tests.
if TESTS
# sweeps of minutes are for ./check cuts
AM_TESTS_ENVIRONMENT = CK_EXCLUDE_TAGS=cuts CK_TIMEOUT_MULTIPLIER=5; export CK_EXCLUDE_TAGS CK_TIMEOUT_MULTIPLIER;
BK_TEST_CPPFLAGS = $(BK_CPPFLAGS) -I$(srcdir)/tests/support $(CHECK_CFLAGS) $(OPENSSL_CFLAGS) \
	-DVECTORS=\"$(abs_top_srcdir)/tests/vectors\"

check_PROGRAMS += unit_base
unit_base_SOURCES = tests/unit/base.c tests/support/folder.h
unit_base_CPPFLAGS = $(BK_TEST_CPPFLAGS)
unit_base_LDADD = $(BK_BASE_LIBS) $(CHECK_LIBS)
TESTS += unit_base

check_PROGRAMS += unit_gate
unit_gate_SOURCES = tests/unit/gate.c tests/support/runner.h
unit_gate_CPPFLAGS = $(BK_TEST_CPPFLAGS)
unit_gate_LDADD = $(BK_BASE_LIBS) $(CHECK_LIBS)
TESTS += unit_gate

if TOOLS
# what the scripts under tests/ stand on
check_PROGRAMS += key-probe
key_probe_SOURCES = tests/support/key_probe.c
key_probe_CPPFLAGS = $(BK_TEST_CPPFLAGS) $(JANSSON_CFLAGS) $(P11H_CFLAGS)
key_probe_LDADD = $(BK_WORKFLOW_LIBS)
check_PROGRAMS += libcut.so libtap.so libclock.so libdisk.so liblate.so libodd.so
libodd_so_SOURCES = tests/support/odd_reader.c
libodd_so_CPPFLAGS = $(BK_CPPFLAGS) $(PCSC_CFLAGS)
libodd_so_LDFLAGS = $(AM_LDFLAGS) -shared
libodd_so_CFLAGS = $(AM_CFLAGS) -fvisibility=default
libclock_so_SOURCES = tests/support/clock.c
libclock_so_CPPFLAGS = $(BK_CPPFLAGS)
libclock_so_LDFLAGS = $(AM_LDFLAGS) -shared
libclock_so_CFLAGS = $(AM_CFLAGS) -fvisibility=default
libtap_so_SOURCES = tests/support/tap.c
libtap_so_CPPFLAGS = $(BK_CPPFLAGS)
libtap_so_LDFLAGS = $(AM_LDFLAGS) -shared
libtap_so_CFLAGS = $(AM_CFLAGS) -fvisibility=default
libdisk_so_SOURCES = tests/support/disk.c
libdisk_so_CPPFLAGS = $(BK_CPPFLAGS)
libdisk_so_LDFLAGS = $(AM_LDFLAGS) -shared
libdisk_so_CFLAGS = $(AM_CFLAGS) -fvisibility=default
liblate_so_SOURCES = tests/support/late.c
liblate_so_CPPFLAGS = $(BK_CPPFLAGS)
liblate_so_LDFLAGS = $(AM_LDFLAGS) -shared
liblate_so_CFLAGS = $(AM_CFLAGS) -fvisibility=default
libcut_so_SOURCES = tests/support/cut.c
libcut_so_CPPFLAGS = $(BK_CPPFLAGS)
libcut_so_LDFLAGS = $(AM_LDFLAGS) -shared
libcut_so_CFLAGS = $(AM_CFLAGS) -fvisibility=default

check_PROGRAMS += unit_net
unit_net_SOURCES = tests/unit/net.c tests/support/runner.h
unit_net_CPPFLAGS = $(BK_TEST_CPPFLAGS) $(JANSSON_CFLAGS)
unit_net_LDADD = $(BK_CLIENT_LIBS) $(CHECK_LIBS)
TESTS += unit_net
endif

check_PROGRAMS += unit_cms
unit_cms_SOURCES = tests/unit/cms.c tests/support/folder.h
unit_cms_CPPFLAGS = $(BK_TEST_CPPFLAGS)
unit_cms_LDADD = $(BK_CRYPTO_LIBS) $(CHECK_LIBS)
TESTS += unit_cms

check_PROGRAMS += unit_crl
unit_crl_SOURCES = tests/unit/crl.c tests/support/runner.h
unit_crl_CPPFLAGS = $(BK_TEST_CPPFLAGS)
unit_crl_LDADD = $(BK_CRYPTO_LIBS) $(CHECK_LIBS)
TESTS += unit_crl
check_PROGRAMS += unit_ocsp
unit_ocsp_SOURCES = tests/unit/ocsp.c tests/support/runner.h
unit_ocsp_CPPFLAGS = $(BK_TEST_CPPFLAGS)
unit_ocsp_LDADD = $(BK_CRYPTO_LIBS) $(CHECK_LIBS)
TESTS += unit_ocsp

# --- crypto and the virtual key
EXTRA_DIST += tests/vectors/key.json tests/vectors/rsa-keys.der
check_PROGRAMS += unit_crypto
unit_crypto_SOURCES = tests/unit/crypto.c tests/support/hexbytes.h
unit_crypto_CPPFLAGS = $(BK_TEST_CPPFLAGS)
unit_crypto_LDADD = $(BK_CRYPTO_LIBS) $(CHECK_LIBS)
TESTS += unit_crypto
# what asks for memory in the objects linked into a program
wrap_memory = -Wl,--wrap=malloc -Wl,--wrap=calloc -Wl,--wrap=realloc -Wl,--wrap=reallocarray \
	-Wl,--wrap=strdup -Wl,--wrap=strndup
check_PROGRAMS += unit_crypto_memory
unit_crypto_memory_SOURCES = tests/unit/crypto_memory.c tests/support/no_memory.c tests/support/no_memory.h
unit_crypto_memory_CPPFLAGS = $(BK_TEST_CPPFLAGS)
unit_crypto_memory_LDFLAGS = $(AM_LDFLAGS) $(wrap_memory)
unit_crypto_memory_LDADD = $(BK_CRYPTO_LIBS) $(CHECK_LIBS)
TESTS += unit_crypto_memory

check_PROGRAMS += unit_random
unit_random_SOURCES = tests/unit/random.c tests/support/runner.h
unit_random_CPPFLAGS = $(BK_TEST_CPPFLAGS)
unit_random_LDADD = $(BK_CRYPTO_LIBS) $(CHECK_LIBS)
TESTS += unit_random
if VIRTUAL_KEY
# what several test programs share is compiled once
check_LIBRARIES += libkeyhost.a libtestkey.a
libkeyhost_a_SOURCES = tests/support/keyhost.c tests/support/keyhost.h tests/support/hexbytes.h
libkeyhost_a_CPPFLAGS = $(BK_TEST_CPPFLAGS)
libtestkey_a_SOURCES = tests/support/testkey.c tests/support/testkey.h tests/support/runner.h
libtestkey_a_CPPFLAGS = $(BK_TEST_CPPFLAGS)
vkey_libs = $(BK_VKEY_LIBS) $(CHECK_LIBS)
check_PROGRAMS += unit_vkey
unit_vkey_SOURCES = tests/unit/vkey.c
unit_vkey_CPPFLAGS = $(BK_TEST_CPPFLAGS)
unit_vkey_LDADD = libtestkey.a libkeyhost.a $(vkey_libs)
TESTS += unit_vkey
check_PROGRAMS += unit_vkey_keys unit_vkey_files
unit_vkey_keys_SOURCES = tests/unit/vkey_keys.c
unit_vkey_keys_CPPFLAGS = $(BK_TEST_CPPFLAGS)
unit_vkey_keys_LDADD = libtestkey.a libkeyhost.a $(vkey_libs)
unit_vkey_files_SOURCES = tests/unit/vkey_files.c
unit_vkey_files_CPPFLAGS = $(BK_TEST_CPPFLAGS)
unit_vkey_files_LDADD = libtestkey.a libkeyhost.a $(vkey_libs)
TESTS += unit_vkey_keys unit_vkey_files
check_PROGRAMS += unit_vkey_power
unit_vkey_power_SOURCES = tests/unit/vkey_power.c
unit_vkey_power_CPPFLAGS = $(BK_TEST_CPPFLAGS)
unit_vkey_power_LDADD = libkeyhost.a $(vkey_libs)
TESTS += unit_vkey_power
check_PROGRAMS += wire_vpcd
wire_vpcd_SOURCES = tests/wire/vpcd.c
wire_vpcd_CPPFLAGS = $(BK_TEST_CPPFLAGS)
wire_vpcd_LDADD = libkeyhost.a $(vkey_libs)
TESTS += wire_vpcd
if PCSC
check_PROGRAMS += key-send
key_send_SOURCES = tests/support/key_send.c
key_send_CPPFLAGS = $(BK_TEST_CPPFLAGS) $(PCSC_CFLAGS)
key_send_LDADD = $(vkey_libs) $(PCSC_LIBS)
endif
if NET
check_PROGRAMS += wire_vkey
wire_vkey_SOURCES = tests/wire/vkey.c
wire_vkey_CPPFLAGS = $(BK_TEST_CPPFLAGS) $(JANSSON_CFLAGS)
wire_vkey_LDADD = libkeyhost.a $(vkey_libs) $(JANSSON_LIBS)
TESTS += wire_vkey
endif
endif

# --- the module
if VIRTUAL_KEY
BK_MODTEST_CPPFLAGS = $(BK_TEST_CPPFLAGS) $(P11H_CFLAGS) \
	-DMODULE=\"$(abs_top_builddir)/bjca-pkcs11.so\"
BK_MODTEST_LIBS = $(BK_MODULE_LIBS) $(CHECK_LIBS)
check_LIBRARIES += libmodhost.a libmodcase.a liblife.a libscript.a librsakeys.a
librsakeys_a_SOURCES = tests/support/rsa_keys.c
librsakeys_a_CPPFLAGS = $(BK_TEST_CPPFLAGS)
with_rsa_keys = -Wl,--wrap=bk_rsa_generate
libscript_a_SOURCES = tests/support/script.c tests/support/script.h
libscript_a_CPPFLAGS = $(BK_TEST_CPPFLAGS)
libmodhost_a_SOURCES = tests/support/modhost.c tests/support/modhost.h
libmodhost_a_CPPFLAGS = $(BK_MODTEST_CPPFLAGS)
libmodcase_a_SOURCES = tests/support/modcase.c tests/support/modcase.h tests/support/runner.h
libmodcase_a_CPPFLAGS = $(BK_MODTEST_CPPFLAGS)
liblife_a_SOURCES = tests/support/life.c tests/support/life.h tests/support/runner.h
liblife_a_CPPFLAGS = $(BK_MODTEST_CPPFLAGS)

check_PROGRAMS += unit_apdu unit_token unit_token_key
unit_apdu_SOURCES = tests/unit/apdu.c
unit_apdu_CPPFLAGS = $(BK_TEST_CPPFLAGS)
unit_apdu_LDADD = $(BK_MODTEST_LIBS)
unit_token_SOURCES = tests/unit/token.c tests/support/runner.h
unit_token_CPPFLAGS = $(BK_TEST_CPPFLAGS)
unit_token_LDADD = libscript.a $(BK_MODTEST_LIBS)
unit_token_key_SOURCES = tests/unit/token_key.c tests/support/runner.h
unit_token_key_CPPFLAGS = $(BK_TEST_CPPFLAGS)
unit_token_key_LDADD = libscript.a $(BK_MODTEST_LIBS)
TESTS += unit_apdu unit_token unit_token_key
if NET
check_PROGRAMS += wire_card
wire_card_SOURCES = tests/wire/card.c
wire_card_CPPFLAGS = $(BK_TEST_CPPFLAGS) $(JANSSON_CFLAGS)
wire_card_LDADD = libscript.a $(BK_MODTEST_LIBS) $(JANSSON_LIBS)
TESTS += wire_card
endif

# the built module, through its entry points: it is opened, not linked, and so named as a dependency
check_PROGRAMS += conformance_start conformance_log conformance_module conformance_mechanism conformance_object \
	conformance_parts conformance_attribute
conformance_start_SOURCES = tests/conformance/start.c
conformance_start_CPPFLAGS = $(BK_MODTEST_CPPFLAGS)
conformance_start_LDADD = libmodcase.a libmodhost.a $(BK_MODTEST_LIBS)
EXTRA_conformance_start_DEPENDENCIES = bjca-pkcs11.so
conformance_log_SOURCES = tests/conformance/log.c
conformance_log_CPPFLAGS = $(BK_MODTEST_CPPFLAGS)
conformance_log_LDADD = libmodcase.a libmodhost.a $(BK_MODTEST_LIBS)
EXTRA_conformance_log_DEPENDENCIES = bjca-pkcs11.so
conformance_module_SOURCES = tests/conformance/module.c
conformance_module_CPPFLAGS = $(BK_MODTEST_CPPFLAGS)
conformance_module_LDADD = libmodcase.a libmodhost.a $(BK_MODTEST_LIBS)
EXTRA_conformance_module_DEPENDENCIES = bjca-pkcs11.so
conformance_mechanism_SOURCES = tests/conformance/mechanism.c
conformance_mechanism_CPPFLAGS = $(BK_MODTEST_CPPFLAGS)
conformance_mechanism_LDADD = libmodcase.a libmodhost.a $(BK_MODTEST_LIBS)
EXTRA_conformance_mechanism_DEPENDENCIES = bjca-pkcs11.so
conformance_object_SOURCES = tests/conformance/object.c
conformance_object_CPPFLAGS = $(BK_MODTEST_CPPFLAGS)
conformance_object_LDADD = libmodcase.a libmodhost.a $(BK_MODTEST_LIBS)
EXTRA_conformance_object_DEPENDENCIES = bjca-pkcs11.so
conformance_parts_SOURCES = tests/conformance/parts.c
conformance_parts_CPPFLAGS = $(BK_MODTEST_CPPFLAGS)
conformance_parts_LDADD = libmodcase.a libmodhost.a $(BK_MODTEST_LIBS)
EXTRA_conformance_parts_DEPENDENCIES = bjca-pkcs11.so
conformance_attribute_SOURCES = tests/conformance/attribute.c
conformance_attribute_CPPFLAGS = $(BK_MODTEST_CPPFLAGS)
conformance_attribute_LDADD = libmodcase.a libmodhost.a $(BK_MODTEST_LIBS)
EXTRA_conformance_attribute_DEPENDENCIES = bjca-pkcs11.so
check_PROGRAMS += conformance_codes conformance_codes_use conformance_codes_more conformance_codes_parts
conformance_codes_SOURCES = tests/conformance/codes.c tests/support/rows.h
conformance_codes_CPPFLAGS = $(BK_MODTEST_CPPFLAGS)
conformance_codes_LDADD = libmodcase.a libmodhost.a $(BK_MODTEST_LIBS)
EXTRA_conformance_codes_DEPENDENCIES = bjca-pkcs11.so
conformance_codes_use_SOURCES = tests/conformance/codes_use.c tests/support/rows.h tests/support/rowkeys.h
conformance_codes_use_CPPFLAGS = $(BK_MODTEST_CPPFLAGS)
conformance_codes_use_LDADD = libmodcase.a libmodhost.a $(BK_MODTEST_LIBS)
EXTRA_conformance_codes_use_DEPENDENCIES = bjca-pkcs11.so
conformance_codes_more_SOURCES = tests/conformance/codes_more.c tests/support/rows.h tests/support/rowkeys.h
conformance_codes_more_CPPFLAGS = $(BK_MODTEST_CPPFLAGS)
conformance_codes_more_LDADD = libmodcase.a libmodhost.a $(BK_MODTEST_LIBS)
EXTRA_conformance_codes_more_DEPENDENCIES = bjca-pkcs11.so
conformance_codes_parts_SOURCES = tests/conformance/codes_parts.c tests/support/rows.h tests/support/rowkeys.h
conformance_codes_parts_CPPFLAGS = $(BK_MODTEST_CPPFLAGS)
conformance_codes_parts_LDADD = libmodcase.a libmodhost.a $(BK_MODTEST_LIBS)
EXTRA_conformance_codes_parts_DEPENDENCIES = bjca-pkcs11.so
check_PROGRAMS += conformance_derive conformance_derive_kept
conformance_derive_SOURCES = tests/conformance/derive.c tests/support/rows.h tests/support/rowkeys.h \
	tests/support/deriving.h
conformance_derive_CPPFLAGS = $(BK_MODTEST_CPPFLAGS)
conformance_derive_LDADD = libmodcase.a libmodhost.a $(BK_MODTEST_LIBS)
EXTRA_conformance_derive_DEPENDENCIES = bjca-pkcs11.so
conformance_derive_kept_SOURCES = tests/conformance/derive_kept.c tests/support/rows.h tests/support/rowkeys.h \
	tests/support/deriving.h
conformance_derive_kept_CPPFLAGS = $(BK_MODTEST_CPPFLAGS)
conformance_derive_kept_LDADD = libmodcase.a libmodhost.a $(BK_MODTEST_LIBS)
EXTRA_conformance_derive_kept_DEPENDENCIES = bjca-pkcs11.so
TESTS += conformance_derive conformance_derive_kept
check_PROGRAMS += conformance_edges conformance_facts
conformance_edges_SOURCES = tests/conformance/edges.c tests/support/rows.h
conformance_edges_CPPFLAGS = $(BK_MODTEST_CPPFLAGS)
conformance_edges_LDADD = libmodcase.a libmodhost.a $(BK_MODTEST_LIBS)
EXTRA_conformance_edges_DEPENDENCIES = bjca-pkcs11.so
conformance_facts_SOURCES = tests/conformance/facts.c tests/support/rows.h
conformance_facts_CPPFLAGS = $(BK_MODTEST_CPPFLAGS)
conformance_facts_LDADD = libmodcase.a libmodhost.a $(BK_MODTEST_LIBS)
EXTRA_conformance_facts_DEPENDENCIES = bjca-pkcs11.so
TESTS += conformance_codes conformance_codes_use conformance_codes_more conformance_codes_parts \
	conformance_edges conformance_facts
TESTS += conformance_start conformance_log conformance_module conformance_mechanism conformance_object \
	conformance_parts conformance_attribute

# run by the tests/e2e/module-* and odd-readers
check_PROGRAMS += e2e_module_pcsc e2e_module_beside e2e_module_locked e2e_module_held e2e_module_usb e2e_module_odd e2e_module_numbers e2e_module_life e2e_module_others e2e_module_write e2e_module_fork
check_PROGRAMS += e2e_module_manners e2e_module_tokens e2e_module_share e2e_module_child e2e_module_two e2e_module_log
check_LIBRARIES += libpcschost.a
libpcschost_a_SOURCES = tests/support/pcsc.c tests/support/pcsc.h tests/support/runner.h
libpcschost_a_CPPFLAGS = $(BK_MODTEST_CPPFLAGS) $(PCSC_CFLAGS)
e2e_module_pcsc_SOURCES = tests/e2e/module_pcsc.c
e2e_module_pcsc_CPPFLAGS = $(BK_MODTEST_CPPFLAGS) $(PCSC_CFLAGS)
# these functions of its stand before the library's
e2e_module_pcsc_LDFLAGS = $(AM_LDFLAGS) -Wl,--export-dynamic-symbol=SCardTransmit \
	-Wl,--export-dynamic-symbol=SCardReconnect -Wl,--export-dynamic-symbol=SCardBeginTransaction
e2e_module_pcsc_LDADD = libpcschost.a libmodhost.a $(BK_MODTEST_LIBS)
e2e_module_beside_SOURCES = tests/e2e/module_beside.c
e2e_module_beside_CPPFLAGS = $(BK_MODTEST_CPPFLAGS) $(PCSC_CFLAGS)
e2e_module_beside_LDADD = libpcschost.a libmodhost.a $(BK_MODTEST_LIBS)
e2e_module_locked_SOURCES = tests/e2e/module_locked.c
e2e_module_locked_CPPFLAGS = $(BK_MODTEST_CPPFLAGS) $(PCSC_CFLAGS)
e2e_module_locked_LDADD = libpcschost.a libmodhost.a $(BK_MODTEST_LIBS)
e2e_module_held_SOURCES = tests/e2e/module_held.c
e2e_module_held_CPPFLAGS = $(BK_MODTEST_CPPFLAGS) $(PCSC_CFLAGS)
e2e_module_held_LDADD = libpcschost.a libmodhost.a $(BK_MODTEST_LIBS)
e2e_module_usb_SOURCES = tests/e2e/module_usb.c
e2e_module_usb_CPPFLAGS = $(BK_MODTEST_CPPFLAGS) $(PCSC_CFLAGS)
# its functions stand before the libraries'
e2e_module_usb_LDFLAGS = $(AM_LDFLAGS) -Wl,--export-dynamic
e2e_module_usb_LDADD = libpcschost.a libmodhost.a $(BK_MODTEST_LIBS)
e2e_module_odd_SOURCES = tests/e2e/module_odd.c
e2e_module_odd_CPPFLAGS = $(BK_MODTEST_CPPFLAGS) $(PCSC_CFLAGS)
e2e_module_odd_LDADD = libpcschost.a libmodhost.a $(BK_MODTEST_LIBS)
e2e_module_numbers_SOURCES = tests/e2e/module_numbers.c
e2e_module_numbers_CPPFLAGS = $(BK_MODTEST_CPPFLAGS) $(PCSC_CFLAGS)
e2e_module_numbers_LDADD = libpcschost.a libmodhost.a $(BK_MODTEST_LIBS)
e2e_module_life_SOURCES = tests/e2e/module_life.c
e2e_module_life_CPPFLAGS = $(BK_MODTEST_CPPFLAGS) $(PCSC_CFLAGS)
e2e_module_life_LDADD = libpcschost.a libmodhost.a $(BK_MODTEST_LIBS)
e2e_module_others_SOURCES = tests/e2e/module_others.c
e2e_module_others_CPPFLAGS = $(BK_MODTEST_CPPFLAGS) $(PCSC_CFLAGS)
e2e_module_others_LDADD = libpcschost.a libmodhost.a $(BK_MODTEST_LIBS)
e2e_module_write_SOURCES = tests/e2e/module_write.c
e2e_module_write_CPPFLAGS = $(BK_MODTEST_CPPFLAGS) $(PCSC_CFLAGS)
e2e_module_write_LDADD = libpcschost.a libmodhost.a $(BK_MODTEST_LIBS)
e2e_module_fork_SOURCES = tests/e2e/module_fork.c
e2e_module_fork_CPPFLAGS = $(BK_MODTEST_CPPFLAGS) $(PCSC_CFLAGS)
e2e_module_fork_LDADD = libpcschost.a libmodhost.a $(BK_MODTEST_LIBS)
e2e_module_manners_SOURCES = tests/e2e/module_manners.c
e2e_module_manners_CPPFLAGS = $(BK_MODTEST_CPPFLAGS) $(PCSC_CFLAGS)
e2e_module_manners_LDFLAGS = $(AM_LDFLAGS) -Wl,--export-dynamic-symbol=SCardTransmit
e2e_module_manners_LDADD = libpcschost.a libmodhost.a $(BK_MODTEST_LIBS)
e2e_module_tokens_SOURCES = tests/e2e/module_tokens.c
e2e_module_tokens_CPPFLAGS = $(BK_MODTEST_CPPFLAGS) $(PCSC_CFLAGS)
e2e_module_tokens_LDFLAGS = $(AM_LDFLAGS) -Wl,--export-dynamic-symbol=SCardTransmit
e2e_module_tokens_LDADD = libpcschost.a libmodhost.a $(BK_MODTEST_LIBS)
e2e_module_share_SOURCES = tests/e2e/module_share.c
e2e_module_share_CPPFLAGS = $(BK_MODTEST_CPPFLAGS) $(PCSC_CFLAGS)
e2e_module_share_LDFLAGS = $(AM_LDFLAGS) -Wl,--export-dynamic-symbol=SCardTransmit
e2e_module_share_LDADD = libpcschost.a libmodhost.a $(BK_MODTEST_LIBS)
e2e_module_child_SOURCES = tests/e2e/module_child.c
e2e_module_child_CPPFLAGS = $(BK_MODTEST_CPPFLAGS) $(PCSC_CFLAGS)
e2e_module_child_LDADD = libpcschost.a libmodhost.a $(BK_MODTEST_LIBS)
e2e_module_two_SOURCES = tests/e2e/module_two.c
e2e_module_two_CPPFLAGS = $(BK_MODTEST_CPPFLAGS) $(PCSC_CFLAGS)
e2e_module_two_LDFLAGS = $(AM_LDFLAGS) -Wl,--export-dynamic-symbol=SCardTransmit
e2e_module_two_LDADD = libpcschost.a libmodhost.a $(BK_MODTEST_LIBS)
e2e_module_log_SOURCES = tests/e2e/module_log.c
e2e_module_log_CPPFLAGS = $(BK_MODTEST_CPPFLAGS) $(PCSC_CFLAGS)
e2e_module_log_LDFLAGS = $(AM_LDFLAGS) -Wl,--export-dynamic-symbol=getauxval
e2e_module_log_LDADD = libpcschost.a libmodhost.a $(BK_MODTEST_LIBS)

# what these link stands before the client library
before_pcsc = -Wl,--export-dynamic-symbol=SCardTransmit
check_PROGRAMS += e2e_module_pulled e2e_module_pulled_station e2e_module_killed e2e_module_suspended
check_LIBRARIES += libpcsccut.a
libpcsccut_a_SOURCES = tests/support/pcsc_cut.c tests/support/pcsc_cut.h
libpcsccut_a_CPPFLAGS = $(BK_MODTEST_CPPFLAGS) $(PCSC_CFLAGS)
e2e_module_pulled_SOURCES = tests/e2e/module_pulled.c
e2e_module_pulled_CPPFLAGS = $(BK_MODTEST_CPPFLAGS) $(PCSC_CFLAGS)
e2e_module_pulled_LDFLAGS = $(AM_LDFLAGS) $(before_pcsc)
e2e_module_pulled_LDADD = libpcsccut.a libpcschost.a libmodhost.a $(BK_MODTEST_LIBS)
e2e_module_pulled_station_SOURCES = tests/e2e/module_pulled_station.c
e2e_module_pulled_station_CPPFLAGS = $(BK_MODTEST_CPPFLAGS) $(PCSC_CFLAGS)
e2e_module_pulled_station_LDFLAGS = $(AM_LDFLAGS) $(before_pcsc)
e2e_module_pulled_station_LDADD = libpcsccut.a libpcschost.a libmodhost.a $(BK_MODTEST_LIBS)
e2e_module_killed_SOURCES = tests/e2e/module_killed.c
e2e_module_killed_CPPFLAGS = $(BK_MODTEST_CPPFLAGS) $(PCSC_CFLAGS)
e2e_module_killed_LDFLAGS = $(AM_LDFLAGS) $(before_pcsc)
e2e_module_killed_LDADD = libpcsccut.a libpcschost.a libmodhost.a $(BK_MODTEST_LIBS)
e2e_module_suspended_SOURCES = tests/e2e/module_suspended.c
e2e_module_suspended_CPPFLAGS = $(BK_MODTEST_CPPFLAGS) $(PCSC_CFLAGS)
e2e_module_suspended_LDFLAGS = $(AM_LDFLAGS) $(before_pcsc)
e2e_module_suspended_LDADD = libpcsccut.a libpcschost.a libmodhost.a $(BK_MODTEST_LIBS)

# the module's code, linked, with a fault filter before the key
check_PROGRAMS += conformance_key_life conformance_unlock conformance_renewal conformance_lesser conformance_keep_key \
	conformance_logout conformance_refused conformance_generate conformance_codes_limits conformance_codes_station \
	conformance_vendor_codes conformance_vendor_writes
conformance_key_life_SOURCES = tests/conformance/key_life.c
conformance_key_life_CPPFLAGS = $(BK_MODTEST_CPPFLAGS)
conformance_key_life_LDFLAGS = $(AM_LDFLAGS) $(with_rsa_keys)
conformance_key_life_LDADD = liblife.a libmodhost.a librsakeys.a $(BK_MODTEST_LIBS)
conformance_unlock_SOURCES = tests/conformance/unlock.c
conformance_unlock_CPPFLAGS = $(BK_MODTEST_CPPFLAGS)
conformance_unlock_LDFLAGS = $(AM_LDFLAGS) $(with_rsa_keys)
conformance_unlock_LDADD = liblife.a libmodhost.a librsakeys.a $(BK_MODTEST_LIBS)
conformance_renewal_SOURCES = tests/conformance/renewal.c
conformance_renewal_CPPFLAGS = $(BK_MODTEST_CPPFLAGS)
conformance_renewal_LDFLAGS = $(AM_LDFLAGS) $(with_rsa_keys)
conformance_renewal_LDADD = liblife.a libmodhost.a librsakeys.a $(BK_MODTEST_LIBS)
conformance_lesser_SOURCES = tests/conformance/lesser.c
conformance_lesser_CPPFLAGS = $(BK_MODTEST_CPPFLAGS)
conformance_lesser_LDFLAGS = $(AM_LDFLAGS) $(with_rsa_keys)
conformance_lesser_LDADD = liblife.a libmodhost.a librsakeys.a $(BK_MODTEST_LIBS)
conformance_codes_limits_SOURCES = tests/conformance/codes_limits.c tests/support/rows.h
conformance_codes_limits_CPPFLAGS = $(BK_MODTEST_CPPFLAGS)
conformance_codes_limits_LDFLAGS = $(AM_LDFLAGS) $(with_rsa_keys)
conformance_codes_limits_LDADD = liblife.a libmodhost.a librsakeys.a $(BK_MODTEST_LIBS)
conformance_codes_station_SOURCES = tests/conformance/codes_station.c tests/support/rows.h
conformance_codes_station_CPPFLAGS = $(BK_MODTEST_CPPFLAGS)
conformance_codes_station_LDFLAGS = $(AM_LDFLAGS) $(with_rsa_keys)
conformance_codes_station_LDADD = liblife.a libmodhost.a librsakeys.a $(BK_MODTEST_LIBS)
conformance_vendor_codes_SOURCES = tests/conformance/vendor_codes.c tests/support/rows.h
conformance_vendor_codes_CPPFLAGS = $(BK_MODTEST_CPPFLAGS)
conformance_vendor_codes_LDFLAGS = $(AM_LDFLAGS) $(with_rsa_keys)
conformance_vendor_codes_LDADD = liblife.a libmodhost.a librsakeys.a $(BK_MODTEST_LIBS)
conformance_vendor_writes_SOURCES = tests/conformance/vendor_writes.c tests/support/rows.h
conformance_vendor_writes_CPPFLAGS = $(BK_MODTEST_CPPFLAGS)
conformance_vendor_writes_LDFLAGS = $(AM_LDFLAGS) $(with_rsa_keys)
conformance_vendor_writes_LDADD = liblife.a libmodhost.a librsakeys.a $(BK_MODTEST_LIBS)
conformance_keep_key_SOURCES = tests/conformance/keep_key.c
conformance_keep_key_CPPFLAGS = $(BK_MODTEST_CPPFLAGS)
conformance_keep_key_LDFLAGS = $(AM_LDFLAGS) $(with_rsa_keys)
conformance_keep_key_LDADD = liblife.a libmodhost.a librsakeys.a $(BK_MODTEST_LIBS)
conformance_logout_SOURCES = tests/conformance/logout.c
conformance_logout_CPPFLAGS = $(BK_MODTEST_CPPFLAGS)
conformance_logout_LDFLAGS = $(AM_LDFLAGS) $(with_rsa_keys) -Wl,--wrap=mmap
conformance_logout_LDADD = liblife.a libmodhost.a librsakeys.a $(BK_MODTEST_LIBS)
conformance_refused_SOURCES = tests/conformance/refused.c
conformance_refused_CPPFLAGS = $(BK_MODTEST_CPPFLAGS)
conformance_refused_LDFLAGS = $(AM_LDFLAGS) $(with_rsa_keys)
conformance_refused_LDADD = liblife.a libmodhost.a librsakeys.a $(BK_MODTEST_LIBS)
conformance_generate_SOURCES = tests/conformance/generate.c
conformance_generate_CPPFLAGS = $(BK_MODTEST_CPPFLAGS)
conformance_generate_LDADD = liblife.a libmodhost.a $(BK_MODTEST_LIBS)
if PCSC
check_PROGRAMS += conformance_readers
conformance_readers_SOURCES = tests/conformance/readers.c
conformance_readers_CPPFLAGS = $(BK_MODTEST_CPPFLAGS) $(PCSC_CFLAGS)
conformance_readers_LDFLAGS = $(AM_LDFLAGS) $(with_rsa_keys)
conformance_readers_LDADD = liblife.a libmodhost.a librsakeys.a $(BK_MODTEST_LIBS)
TESTS += conformance_readers
endif
# every entry point, for sweeps over them
check_LIBRARIES += libentries.a
libentries_a_SOURCES = tests/support/entries.c tests/support/entries.h tests/support/entries_host.c \
	tests/support/entries_key.c tests/support/codes.c tests/support/codes.h
libentries_a_CPPFLAGS = $(BK_MODTEST_CPPFLAGS)
conformance_memory_SOURCES = tests/conformance/memory.c tests/support/no_memory.c tests/support/no_memory.h
conformance_memory_CPPFLAGS = $(BK_MODTEST_CPPFLAGS)
conformance_memory_LDFLAGS = $(AM_LDFLAGS) $(with_rsa_keys) $(wrap_memory)
conformance_memory_LDADD = libentries.a liblife.a libmodhost.a librsakeys.a $(BK_MODTEST_LIBS)
conformance_libcrypto_SOURCES = tests/conformance/libcrypto.c tests/support/no_memory.c tests/support/no_memory.h
conformance_libcrypto_CPPFLAGS = $(BK_MODTEST_CPPFLAGS)
conformance_libcrypto_LDFLAGS = $(AM_LDFLAGS) $(with_rsa_keys) $(wrap_memory)
conformance_libcrypto_LDADD = liblife.a libmodhost.a librsakeys.a $(BK_MODTEST_LIBS)
check_PROGRAMS += conformance_memory conformance_libcrypto conformance_faults
conformance_faults_SOURCES = tests/conformance/faults.c
conformance_faults_CPPFLAGS = $(BK_MODTEST_CPPFLAGS)
conformance_faults_LDFLAGS = $(AM_LDFLAGS) $(with_rsa_keys)
conformance_faults_LDADD = libentries.a liblife.a libmodhost.a librsakeys.a $(BK_MODTEST_LIBS)
TESTS += conformance_faults
TESTS += conformance_memory conformance_libcrypto
TESTS += conformance_key_life conformance_unlock conformance_renewal conformance_lesser conformance_keep_key \
	conformance_logout conformance_refused conformance_generate conformance_codes_limits conformance_codes_station \
	conformance_vendor_codes conformance_vendor_writes
check_PROGRAMS += conformance_stored conformance_data conformance_data_files conformance_station conformance_personalise \
	conformance_files conformance_record conformance_replaced conformance_foreign
conformance_personalise_SOURCES = tests/conformance/personalise.c
conformance_personalise_CPPFLAGS = $(BK_MODTEST_CPPFLAGS)
conformance_personalise_LDFLAGS = $(AM_LDFLAGS) $(with_rsa_keys)
conformance_personalise_LDADD = liblife.a libmodhost.a librsakeys.a $(BK_MODTEST_LIBS)
conformance_station_SOURCES = tests/conformance/station.c
conformance_station_CPPFLAGS = $(BK_MODTEST_CPPFLAGS)
conformance_station_LDFLAGS = $(AM_LDFLAGS) $(with_rsa_keys)
conformance_station_LDADD = liblife.a libmodhost.a librsakeys.a $(BK_MODTEST_LIBS)
conformance_files_SOURCES = tests/conformance/files.c
conformance_files_CPPFLAGS = $(BK_MODTEST_CPPFLAGS)
conformance_files_LDFLAGS = $(AM_LDFLAGS) $(with_rsa_keys)
conformance_files_LDADD = liblife.a libmodhost.a librsakeys.a $(BK_MODTEST_LIBS)
conformance_stored_SOURCES = tests/conformance/stored.c
conformance_stored_CPPFLAGS = $(BK_MODTEST_CPPFLAGS)
conformance_stored_LDFLAGS = $(AM_LDFLAGS) $(with_rsa_keys)
conformance_stored_LDADD = liblife.a libmodhost.a librsakeys.a $(BK_MODTEST_LIBS)
conformance_replaced_SOURCES = tests/conformance/replaced.c
conformance_replaced_CPPFLAGS = $(BK_MODTEST_CPPFLAGS)
conformance_replaced_LDFLAGS = $(AM_LDFLAGS) $(with_rsa_keys) -Wl,--wrap=bk_clock_ms
conformance_replaced_LDADD = liblife.a libmodhost.a librsakeys.a $(BK_MODTEST_LIBS)
conformance_foreign_SOURCES = tests/conformance/foreign.c
conformance_foreign_CPPFLAGS = $(BK_MODTEST_CPPFLAGS)
conformance_foreign_LDFLAGS = $(AM_LDFLAGS) $(with_rsa_keys)
conformance_foreign_LDADD = liblife.a libmodhost.a librsakeys.a $(BK_MODTEST_LIBS)
conformance_record_SOURCES = tests/conformance/record.c
conformance_record_CPPFLAGS = $(BK_MODTEST_CPPFLAGS)
conformance_record_LDFLAGS = $(AM_LDFLAGS) $(with_rsa_keys)
conformance_record_LDADD = liblife.a libmodhost.a librsakeys.a $(BK_MODTEST_LIBS)
conformance_data_SOURCES = tests/conformance/data.c
conformance_data_CPPFLAGS = $(BK_MODTEST_CPPFLAGS)
conformance_data_LDFLAGS = $(AM_LDFLAGS) $(with_rsa_keys)
conformance_data_LDADD = liblife.a libmodhost.a librsakeys.a $(BK_MODTEST_LIBS)
conformance_data_files_SOURCES = tests/conformance/data_files.c
conformance_data_files_CPPFLAGS = $(BK_MODTEST_CPPFLAGS)
conformance_data_files_LDADD = liblife.a libmodhost.a $(BK_MODTEST_LIBS)
TESTS += conformance_stored conformance_data conformance_data_files conformance_station conformance_personalise \
	conformance_files conformance_record conformance_replaced conformance_foreign

# the examples, with what a stranger has: the PKCS#11 header and the public one
check_PROGRAMS += example-status example-unlock example-renewal
example_cppflags = $(BK_DEPS) -D_POSIX_C_SOURCE=200809L -I$(srcdir)/pkcs11 $(P11H_CFLAGS)
example_status_SOURCES = docs/examples/status.c docs/examples/open.h
example_status_CPPFLAGS = $(example_cppflags)
example_status_LDADD = -ldl
example_unlock_SOURCES = docs/examples/unlock.c docs/examples/open.h
example_unlock_CPPFLAGS = $(example_cppflags)
example_unlock_LDADD = -ldl
example_renewal_SOURCES = docs/examples/renewal.c docs/examples/open.h
example_renewal_CPPFLAGS = $(example_cppflags)
example_renewal_LDADD = -ldl

check_PROGRAMS += conformance_host
conformance_host_SOURCES = tests/conformance/host.c
conformance_host_CPPFLAGS = $(BK_MODTEST_CPPFLAGS)
conformance_host_LDADD = libmodhost.a $(BK_MODTEST_LIBS)
EXTRA_conformance_host_DEPENDENCIES = bjca-pkcs11.so
TESTS += conformance_host
endif
endif

# Names and building of the test programs, for ./check.
test-programs:
	@echo $(check_PROGRAMS)
# --- benches, by tests/bench/ only
EXTRA_PROGRAMS = bench_module bench_pcsc bench_soak bench_platform
BK_BENCH = tests/bench/bench.c tests/bench/bench.h
bench_module_SOURCES = tests/bench/bench_module.c $(BK_BENCH)
bench_module_CPPFLAGS = $(BK_MODTEST_CPPFLAGS)
bench_module_LDADD = libvkey.a libapdu.a $(BK_CRYPTO_LIBS) -ldl
bench_pcsc_SOURCES = tests/bench/bench_pcsc.c $(BK_BENCH)
bench_pcsc_CPPFLAGS = $(BK_MODTEST_CPPFLAGS) $(PCSC_CFLAGS)
bench_pcsc_LDADD = $(PCSC_LIBS) -ldl
bench_platform_SOURCES = tests/bench/bench_platform.c tests/bench/fill.c tests/bench/fill.h \
	tests/bench/http.c tests/bench/http.h tests/bench/bare_rows.c tests/bench/bare_rows.h $(BK_BENCH)
bench_platform_CPPFLAGS = $(BK_MODTEST_CPPFLAGS) $(SQLITE_CFLAGS)
bench_platform_LDADD = $(BK_SERVER_LIBS) -ldl
bench_soak_SOURCES = tests/bench/bench_soak.c tests/bench/soak.h tests/bench/soak_client.c \
	tests/bench/soak_client.h tests/bench/soak_keeper.c tests/bench/soak_roles.c
bench_soak_CPPFLAGS = $(BK_MODTEST_CPPFLAGS) $(PCSC_CFLAGS)
bench_soak_LDADD = libmodhost.a $(BK_MODULE_LIBS) $(PCSC_LIBS) -ldl

build-tests: $(LIBRARIES) $(PROGRAMS) $(check_PROGRAMS)
.PHONY: test-programs build-tests

# --- the platform
if TESTS
if PLATFORM
BK_SERVER_TEST_CPPFLAGS = $(BK_TEST_CPPFLAGS) $(JANSSON_CFLAGS) $(PQ_CFLAGS) $(PQ_CPPFLAGS)
server_libs = $(BK_SERVER_LIBS) $(CHECK_LIBS)
check_LIBRARIES += libserverhost.a
libserverhost_a_SOURCES = tests/support/serverhost.c tests/support/serverhost.h tests/support/runner.h
libserverhost_a_CPPFLAGS = $(BK_SERVER_TEST_CPPFLAGS)
server_tests = unit_server_apply unit_server_ca unit_server_ca_socket unit_server_flush unit_server_httpd \
	unit_server_identity unit_server_invoice unit_server_orders unit_server_outbox unit_server_page \
	unit_server_pair unit_server_pay \
	unit_server_production unit_server_retention unit_server_review unit_server_rotate \
	unit_server_shared unit_server_sms unit_server_sqlite unit_server_staff unit_server_store \
	unit_server_store_lost \
	unit_server_text unit_server_unlock unit_server_upload
check_PROGRAMS += $(server_tests)
TESTS += $(server_tests)
unit_server_flush_SOURCES = tests/unit/server_flush.c
unit_server_flush_CPPFLAGS = $(BK_SERVER_TEST_CPPFLAGS)
unit_server_flush_LDADD = libserverhost.a $(server_libs)
unit_server_flush_LDFLAGS = -rdynamic # its disk is the libraries', too
unit_server_apply_SOURCES = tests/unit/server_apply.c
unit_server_apply_CPPFLAGS = $(BK_SERVER_TEST_CPPFLAGS)
unit_server_apply_LDADD = libserverhost.a $(server_libs)
unit_server_ca_SOURCES = tests/unit/server_ca.c
unit_server_ca_CPPFLAGS = $(BK_SERVER_TEST_CPPFLAGS)
unit_server_ca_LDADD = libserverhost.a $(server_libs)
unit_server_ca_socket_SOURCES = tests/unit/server_ca_socket.c
unit_server_ca_socket_CPPFLAGS = $(BK_SERVER_TEST_CPPFLAGS)
unit_server_ca_socket_LDADD = libserverhost.a $(server_libs)
unit_server_httpd_SOURCES = tests/unit/server_httpd.c tests/support/runner.h
unit_server_httpd_CPPFLAGS = $(BK_SERVER_TEST_CPPFLAGS)
unit_server_httpd_LDADD = $(server_libs)
unit_server_identity_SOURCES = tests/unit/server_identity.c tests/support/runner.h
unit_server_identity_CPPFLAGS = $(BK_SERVER_TEST_CPPFLAGS)
unit_server_identity_LDADD = $(server_libs)
unit_server_invoice_SOURCES = tests/unit/server_invoice.c tests/support/runner.h
unit_server_invoice_CPPFLAGS = $(BK_SERVER_TEST_CPPFLAGS)
unit_server_invoice_LDADD = $(server_libs)
unit_server_orders_SOURCES = tests/unit/server_orders.c
unit_server_orders_CPPFLAGS = $(BK_SERVER_TEST_CPPFLAGS)
unit_server_orders_LDADD = libserverhost.a $(server_libs)
unit_server_outbox_SOURCES = tests/unit/server_outbox.c
unit_server_outbox_CPPFLAGS = $(BK_SERVER_TEST_CPPFLAGS)
unit_server_outbox_LDADD = libserverhost.a $(server_libs)
unit_server_pair_SOURCES = tests/unit/server_pair.c
unit_server_pair_CPPFLAGS = $(BK_SERVER_TEST_CPPFLAGS)
unit_server_pair_LDADD = libserverhost.a $(server_libs)
unit_server_production_SOURCES = tests/unit/server_production.c
unit_server_production_CPPFLAGS = $(BK_SERVER_TEST_CPPFLAGS)
unit_server_production_LDADD = libserverhost.a $(server_libs)
unit_server_retention_SOURCES = tests/unit/server_retention.c
unit_server_retention_CPPFLAGS = $(BK_SERVER_TEST_CPPFLAGS)
unit_server_retention_LDADD = libserverhost.a $(server_libs)
unit_server_review_SOURCES = tests/unit/server_review.c
unit_server_review_CPPFLAGS = $(BK_SERVER_TEST_CPPFLAGS) -DWORKDAYS=\"$(abs_top_srcdir)/src/server/workdays\"
unit_server_review_LDADD = libserverhost.a $(server_libs)
unit_server_rotate_SOURCES = tests/unit/server_rotate.c
unit_server_rotate_CPPFLAGS = $(BK_SERVER_TEST_CPPFLAGS)
unit_server_rotate_LDADD = libserverhost.a $(server_libs)
unit_server_shared_SOURCES = tests/unit/server_shared.c
unit_server_shared_CPPFLAGS = $(BK_SERVER_TEST_CPPFLAGS)
unit_server_shared_LDADD = libserverhost.a $(server_libs)
unit_server_pay_SOURCES = tests/unit/server_pay.c tests/support/folder.h tests/support/runner.h
unit_server_pay_CPPFLAGS = $(BK_SERVER_TEST_CPPFLAGS)
unit_server_pay_LDADD = $(server_libs)
unit_server_sms_SOURCES = tests/unit/server_sms.c tests/support/runner.h
unit_server_sms_CPPFLAGS = $(BK_SERVER_TEST_CPPFLAGS)
unit_server_sms_LDADD = $(server_libs)
unit_server_page_SOURCES = tests/unit/server_page.c
unit_server_page_CPPFLAGS = $(BK_SERVER_TEST_CPPFLAGS)
unit_server_page_LDADD = libserverhost.a $(server_libs)
unit_server_staff_SOURCES = tests/unit/server_staff.c
unit_server_staff_CPPFLAGS = $(BK_SERVER_TEST_CPPFLAGS)
unit_server_staff_LDADD = libserverhost.a $(server_libs)
unit_server_staff_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=bk_scrypt
# statements of SQLite's that fail, or are noted
unit_server_sqlite_SOURCES = tests/unit/server_sqlite.c
unit_server_sqlite_CPPFLAGS = $(BK_SERVER_TEST_CPPFLAGS)
unit_server_sqlite_LDADD = libserverhost.a $(server_libs)
unit_server_sqlite_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=sqlite3_step,--wrap=sqlite3_close
unit_server_store_SOURCES = tests/unit/server_store.c
unit_server_store_CPPFLAGS = $(BK_SERVER_TEST_CPPFLAGS)
unit_server_store_LDADD = libserverhost.a $(server_libs)
unit_server_store_lost_SOURCES = tests/unit/server_store_lost.c
unit_server_store_lost_CPPFLAGS = $(BK_SERVER_TEST_CPPFLAGS)
unit_server_store_lost_LDADD = libserverhost.a $(server_libs)
unit_server_store_lost_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=PQpipelineSync,--wrap=PQgetResult,--wrap=PQprepare
unit_server_text_SOURCES = tests/unit/server_text.c tests/support/runner.h
unit_server_text_CPPFLAGS = $(BK_SERVER_TEST_CPPFLAGS)
unit_server_text_LDADD = $(server_libs)
unit_server_unlock_SOURCES = tests/unit/server_unlock.c
unit_server_unlock_CPPFLAGS = $(BK_SERVER_TEST_CPPFLAGS)
unit_server_unlock_LDADD = libserverhost.a $(server_libs)
unit_server_upload_SOURCES = tests/unit/server_upload.c
unit_server_upload_CPPFLAGS = $(BK_SERVER_TEST_CPPFLAGS)
unit_server_upload_LDADD = libserverhost.a $(server_libs)
endif
endif
