#!/bin/sh
# install_library.sh FROM TO: puts a shared library in place by renaming, so
# that servers which have the old one mapped go on with it.
set -eu
cp "$1" "$2.new.$$"
chmod 755 "$2.new.$$"
mv -f "$2.new.$$" "$2"
