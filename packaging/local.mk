# What goes beside the programs, and Debian packages.
p11kit_DATA = packaging/p11-kit/bjca-pkcs11.module
bjcaconfdir = $(sysconfdir)/bjca
dist_bjcaconf_DATA = packaging/bjca.conf
EXTRA_DIST += packaging/p11-kit/bjca-pkcs11.module packaging/install-needed packaging/deb \
	quickstart LICENSE README.md README.zh_CN.md CONTRIBUTING.md SECURITY.md CHANGELOG.md

# not in EXTRA_DIST: there the name means make's own target check, which would run first
dist-hook:
	cp -p $(srcdir)/check $(distdir)/check

# Debian packages, left in deb/ of the build folder.
deb: dist
	rm -rf deb && $(MKDIR_P) deb
	cd deb && tar -xf ../$(distdir).tar.xz && cp -r $(distdir)/packaging/deb $(distdir)/debian
	cd deb/$(distdir) && dpkg-buildpackage -b -us -uc
	@ls deb/*.deb
.PHONY: deb
