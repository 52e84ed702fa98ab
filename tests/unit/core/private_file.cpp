#include "traitsync/core/private_file.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>

#include <cerrno>
#include <filesystem>
#include <fstream>

namespace {
namespace fs = std::filesystem;

struct folder {
    fs::path path = fs::temp_directory_path() / ("ts-private-" + std::to_string(::getpid()));
    folder() { fs::create_directories(path); }
    ~folder() { fs::remove_all(path); }
    struct stat made(char const* name) const {
        struct stat info {};
        auto const file = traitsync::make_private_file((path / name).string());
        BOOST_REQUIRE(file >= 0);
        BOOST_REQUIRE(::fstat(file, &info) == 0);
        ::close(file);
        return info;
    }
};
}  // namespace

BOOST_FIXTURE_TEST_SUITE(private_file, folder)

BOOST_AUTO_TEST_CASE(nobody_else_may_read_it_whatever_the_umask) {
    for (auto const mask : {0000U, 0777U}) {
        auto const before = ::umask(mask);
        auto const info = made(mask == 0 ? "open" : "shut");
        ::umask(before);
        BOOST_TEST((info.st_mode & 0777) == 0600U);
    }
}

BOOST_AUTO_TEST_CASE(a_name_that_is_taken_stays_as_it_is_a_link_too) {
    std::ofstream{path / "there"} << "mine";
    fs::create_symlink("elsewhere", path / "link");
    for (auto const* name : {"there", "link"}) {
        BOOST_TEST(traitsync::make_private_file((path / name).string()) == -1);
        BOOST_TEST(errno == EEXIST);
    }
    BOOST_TEST(fs::file_size(path / "there") == 4U);
    BOOST_TEST(!fs::exists(path / "elsewhere"));
}

BOOST_AUTO_TEST_CASE(what_root_makes_belongs_to_the_owner_of_the_folder) {
    struct stat info {};
    BOOST_REQUIRE(::stat(path.c_str(), &info) == 0);
    BOOST_TEST(made("first").st_uid == info.st_uid);
    if (::geteuid() != 0) return;  // nobody else can give a folder away
    BOOST_REQUIRE(::chown(path.c_str(), 12345, 23456) == 0);
    auto const given = made("second");
    BOOST_TEST(given.st_uid == 12345U);
    BOOST_TEST(given.st_gid == 23456U);
}

BOOST_AUTO_TEST_SUITE_END()
