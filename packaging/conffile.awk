# From what `traitsync init -` writes to the packaged configuration: the two required secrets are read from where the
# unit takes them, and what an operator has to do stands on top. Fails when a line that it changes is not there.
BEGIN {
    folder = etc "/traitsync/credentials/"
    print "# The packaged configuration. Before the first start put two secrets into files (root only, mode 0600):"
    print "#   " folder "moesif.token        Moesif's Management API key"
    print "#   " folder "segment.write_key   the write key of the Segment source"
    print "# and, if the token of API and page should be yours, " folder "admin.token:"
    print "# then switch token_file under [admin] on too, so that commands as root find it. Else the service makes one:"
    print "# /var/lib/traitsync/admin.token. Then, as root:"
    print "#   traitsync check --online"
    print "#   systemctl enable --now traitsync"
    print "# The unit hands the three files to the service (LoadCredential), which wins over this file. A secret may as"
    print "# well stand here, or in another file that the user traitsync can read: a credential that is missing counts"
    print "# as not set. After a change of a credential: systemctl restart traitsync."
    print "#"
}
/^\[/ { section = $0 }
section == "[moesif]" && $0 == "#token_file = \"\"" { print "token_file = \"" folder "moesif.token\""; changed++; next }
section == "[segment]" && $0 == "#write_key_file = \"\"" { print "write_key_file = \"" folder "segment.write_key\""; changed++; next }
section == "[admin]" && $0 == "#token_file = \"\"" { print "#token_file = \"" folder "admin.token\""; changed++; next }
{ print }
END { if (changed != 3) { print "conffile.awk: " changed + 0 " of 3 lines found" > "/dev/stderr"; exit 1 } }
