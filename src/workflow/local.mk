if TOOLS
noinst_LIBRARIES += libworkflow.a
libworkflow_a_CPPFLAGS = $(BK_CPPFLAGS) $(JANSSON_CFLAGS) $(P11H_CFLAGS) $(NLS_CPPFLAGS)
libworkflow_a_SOURCES = \
	src/workflow/failure.c src/workflow/failure.h \
	src/workflow/module.c src/workflow/module.h \
	src/workflow/produce.c src/workflow/produce.h \
	src/workflow/renew.c src/workflow/renew.h \
	src/workflow/state.c src/workflow/state.h \
	src/workflow/token.c src/workflow/token.h \
	src/workflow/unlock.c src/workflow/unlock.h src/workflow/unlock_submit.c
BK_WORKFLOW_LIBS = libworkflow.a libclient.a libcrypto_bk.a $(BK_NET_LIBS)
endif
