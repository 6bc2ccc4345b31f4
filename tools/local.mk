# Every main() there is.
if TOOLS
bin_PROGRAMS += bjca
dist_man_MANS += docs/man/bjca.1
bjca_CPPFLAGS = $(BK_CPPFLAGS) $(JANSSON_CFLAGS) $(QRENCODE_CFLAGS) $(P11H_CFLAGS) $(OPENSSL_CFLAGS) \
	$(NLS_CPPFLAGS)
bjca_SOURCES = tools/bjca.c tools/cmd.c tools/cmd.h tools/cmd_cms.c tools/cmd_issue.c tools/cmd_list.c \
	tools/cmd_pin.c tools/cmd_produce.c tools/cmd_renew.c tools/cmd_status.c tools/cmd_unlock.c tools/unlock_ask.c tools/unlock_ask.h tools/help.c tools/help.h tools/qr.c tools/qr.h \
	tools/staff.c tools/staff.h tools/terminal.c tools/terminal.h tools/ui.c tools/ui.h
bjca_LDADD = $(BK_WORKFLOW_LIBS) $(QRENCODE_LIBS)
endif

# --- the virtual key
if VIRTUAL_KEY
bin_PROGRAMS += bjca-vkey
bjca_vkey_CPPFLAGS = $(BK_CPPFLAGS) $(OPENSSL_CFLAGS)
bjca_vkey_SOURCES = tools/bjca-vkey.c
bjca_vkey_LDADD = $(BK_VKEY_LIBS)
dist_man_MANS += docs/man/bjca-vkey.1
endif

# --- the platform
if PLATFORM
sbin_PROGRAMS += bjca-platformd bjca-cad bjca-simd
BK_SERVER_CPPFLAGS = $(BK_CPPFLAGS) $(OPENSSL_CFLAGS) $(JANSSON_CFLAGS)
bjca_platformd_CPPFLAGS = $(BK_SERVER_CPPFLAGS) $(QRENCODE_CFLAGS)
bjca_platformd_SOURCES = tools/bjca-platformd.c tools/platformd.h tools/platformd_key.c tools/platformd_review.c \
	tools/qr.c tools/qr.h tools/terminal.c \
	tools/terminal.h
bjca_platformd_LDADD = $(BK_SERVER_LIBS) $(QRENCODE_LIBS)
bjca_cad_CPPFLAGS = $(BK_SERVER_CPPFLAGS)
bjca_cad_SOURCES = tools/bjca-cad.c
bjca_cad_LDADD = $(BK_SERVER_LIBS)
bjca_simd_CPPFLAGS = $(BK_SERVER_CPPFLAGS)
bjca_simd_SOURCES = tools/bjca-simd.c
bjca_simd_LDADD = $(BK_SERVER_LIBS)
dist_man_MANS += docs/man/bjca-platformd.8 docs/man/bjca-cad.8 docs/man/bjca-simd.8
dist_doc_DATA += docs/platform-api.yaml
endif
