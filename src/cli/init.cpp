#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

#include "commands.hpp"
#include "exit.hpp"
#include "traitsync/config/keys.hpp"
#include "traitsync/ops/escape.hpp"

namespace traitsync::cli {
namespace {

std::string words_of(int code) { return std::generic_category().message(code); }

// Writes everything to disk, or gives errno.
int write_all(int descriptor, std::string_view text) {
    while (!text.empty()) {
        auto const n = ::write(descriptor, text.data(), text.size());
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return errno;
        text.remove_prefix(static_cast<std::size_t>(n));
    }
    // A device or pipe cannot be synchronised, and need not be.
    return ::fsync(descriptor) == 0 || errno == EINVAL || errno == EROFS ? 0 : errno;
}

int refuse(int code, std::string const& file, console& c) {
    if (code == EEXIST) {
        print_failure(c, file + " exists already and was not touched");
        return exit_refused;
    }
    auto const folder = std::filesystem::path{file}.parent_path();
    std::error_code ignored;
    if (code == ENOENT && !folder.empty() && !std::filesystem::exists(folder, ignored)) {
        print_failure(c, "the folder " + folder.string() + " does not exist");
        return exit_failed;
    }
    print_failure(c, file + " cannot be made: " + words_of(code));
    return exit_failed;
}

}  // namespace

int run_init(init_arguments const& arguments, console& c) {
    auto const text = config::commented_file();
    if (arguments.file == "-") {
        c.out << text;
        return exit_done;
    }
    if (arguments.file.empty()) {
        print_failure(c, "the name of the file is empty");
        return exit_usage;
    }
    auto const* path = arguments.file.c_str();
    int const descriptor = ::open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (descriptor < 0) return refuse(errno, arguments.file, c);
    auto code = write_all(descriptor, text);
    if (::close(descriptor) != 0 && code == 0) code = errno;
    if (code != 0) {
        ::unlink(path);  // half a configuration would be read as a whole one
        print_failure(c, arguments.file + " cannot be written: " + words_of(code));
        return exit_failed;
    }
    auto const shown = ops::plain(arguments.file);
    c.out << "Wrote " << shown << ". Now set moesif.token and segment.write_key in it, or name their files, then:\n"
          << "  traitsync check -c " << shown << " --online\n";
    return exit_done;
}

}  // namespace traitsync::cli
