#pragma once
// Files that nobody else may read.

#include <string>

namespace traitsync {

// Makes a file that is not there yet, mode 0600 whatever the umask, and opens it for writing; -1 with errno otherwise,
// EEXIST where the name is taken, by a link too. What root makes belongs to the owner of its folder, so that the
// service can go on with what an operator began as root.
int make_private_file(std::string const& path);

// Behind a rename: the name too is on the disk when it returns true; false with errno otherwise. Some file systems
// cannot do it for folders, and a folder that only lets pass cannot be asked: then the name counts as kept.
bool sync_name(std::string const& path);

}  // namespace traitsync
