#include "traitsync/ops/log.hpp"

#include <boost/test/unit_test.hpp>

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <limits>
#include <string>
#include <thread>
#include <vector>

#include "traitsync/core/json.hpp"
#include "traitsync/ops/escape.hpp"

using namespace traitsync;
using namespace traitsync::ops;

namespace {

struct fixed_clock final : clock {
    wall_time wall() const override { return from_millis(1795479612123); }
    steady_time steady() const override { return {}; }
};

struct hidden_text {
    std::string text;
    std::string const& reveal() const { return text; }
};

// The two ends of a pipe; `read_all` takes what is there.
class pipe_pair {
public:
    pipe_pair() { BOOST_REQUIRE(::pipe2(ends_.data(), O_CLOEXEC) == 0); }
    ~pipe_pair() {
        close_reader();
        ::close(ends_[1]);
    }
    int writer() const { return ends_[1]; }
    int reader() const { return ends_[0]; }
    void close_reader() {
        if (ends_[0] >= 0) ::close(ends_[0]);
        ends_[0] = -1;
    }
    std::string read_all() {
        std::string out;
        std::array<char, 65536> buffer;
        pollfd p{ends_[0], POLLIN, 0};
        while (::poll(&p, 1, 0) == 1 && (p.revents & POLLIN) != 0) {
            auto const n = ::read(ends_[0], buffer.data(), buffer.size());
            if (n <= 0) break;
            out.append(buffer.data(), static_cast<std::size_t>(n));
        }
        return out;
    }

private:
    std::array<int, 2> ends_{};
};

struct sheet {
    explicit sheet(log_format format = log_format::text, log_level level = log_level::debug)
        : out{{.level = level, .format = format, .descriptor = pipe.writer(), .time = &time}} {}
    std::string text() { return pipe.read_all(); }

    fixed_clock time;
    pipe_pair pipe;
    ops::log out;
};

std::vector<std::string> lines_of(std::string const& text) {
    std::vector<std::string> out;
    for (std::size_t at = 0; at < text.size();) {
        auto const end = text.find('\n', at);
        out.push_back(text.substr(at, end - at));
        at = end == std::string::npos ? text.size() : end + 1;
    }
    return out;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(logs)

BOOST_AUTO_TEST_CASE(an_event_is_one_line_of_text_with_its_fields_behind_it) {
    sheet s;
    s.out.info(
        "pass_done", "Full pass read 1,000 users",
        {{"pages", 3}, {"read", std::size_t{1000}}, {"rate", 2.5}, {"clean", true}, {"kind", "full"}, {"path", "a b"}});
    s.out.warn("w", "m");
    s.out.error("e", "m", {{"empty", ""}, {"equals", "a=b"}, {"quote", "say \"x\""}});
    s.out.debug(
        "d", "m",
        {{"least", std::numeric_limits<std::int64_t>::min()}, {"most", std::numeric_limits<std::uint64_t>::max()}});
    BOOST_TEST(s.text() ==
               "2026-11-24T00:20:12.123Z info  pass_done  Full pass read 1,000 users  pages=3 read=1000 rate=2.5 "
               "clean=true kind=full path=\"a b\"\n"
               "2026-11-24T00:20:12.123Z warn  w  m\n"
               "2026-11-24T00:20:12.123Z error e  m  empty=\"\" equals=\"a=b\" quote=\"say \\\"x\\\"\"\n"
               "2026-11-24T00:20:12.123Z debug d  m  least=-9223372036854775808 most=18446744073709551615\n");
}

BOOST_AUTO_TEST_CASE(an_event_is_one_json_object_with_its_fields_as_members) {
    sheet s{log_format::json};
    s.out.info("pass_done", "a \"quoted\" message",
               {{"pages", 3},
                {"ok", false},
                {"level", "x"},
                {"bad", std::numeric_limits<double>::quiet_NaN()},
                {"text", "a\nb"}});
    auto const text = s.text();
    BOOST_TEST(text ==
               "{\"ts\":\"2026-11-24T00:20:12.123Z\",\"level\":\"info\",\"event\":\"pass_done\",\"message\":\"a "
               "\\\"quoted\\\" message\",\"pages\":3,\"ok\":false,\"level_\":\"x\",\"bad\":null,\"text\":\"a\\nb\"}\n");
}

BOOST_AUTO_TEST_CASE(no_value_can_end_the_line_or_steer_the_terminal) {
    std::string hostile;
    for (int c = 0; c < 256; ++c) hostile += static_cast<char>(c);
    hostile +=
        "\r\n2026-11-24T00:20:12.123Z error forged  line\x1b[2J\x1b]0;title\x07 \xc2\x9b\x33m \xe2\x80\xa8 "
        "\xe2\x80\xae";
    for (auto const format : {log_format::text, log_format::json}) {
        sheet s{format};
        s.out.info(hostile, hostile, {{hostile, hostile}});
        auto const lines = lines_of(s.text());
        BOOST_REQUIRE(lines.size() == 1U);
        for (char c : lines[0]) BOOST_REQUIRE((static_cast<unsigned char>(c) >= 0x20 && c != '\x7f'));
        for (auto const* bad : {"\xc2\x9b", "\xe2\x80\xa8", "\xe2\x80\xae"})
            BOOST_TEST(lines[0].find(bad) == std::string::npos);
        if (format == log_format::json) {
            json::document document;
            BOOST_TEST((document.parse(lines[0]) == json::parse_fault::none));
            BOOST_TEST(document.replaced_characters() == 0U);
        }
    }
}

BOOST_AUTO_TEST_CASE(letters_of_all_languages_stay_readable) {
    BOOST_TEST(plain("Zoë 山田 👋 a\\b\t\x1b[0m\xff\xc0\xaf\xed\xa0\x80") ==
               "Zoë 山田 👋 a\\\\b\\t\\x1b[0m\\xff\\xc0\\xaf\\xed\\xa0\\x80");
    BOOST_TEST(plain("\xc2\x85\xf4\x90\x80\x80\xe2\x82") == "\\u{85}\\xf4\\x90\\x80\\x80\\xe2\\x82");
}

BOOST_AUTO_TEST_CASE(a_secret_is_stars_wherever_it_stands) {
    for (auto const format : {log_format::text, log_format::json}) {
        sheet s{format};
        s.out.add_secret(hidden_text{"s3cret\"\\\n\x1bpart"});
        s.out.add_secret(hidden_text{"tok"});
        s.out.add_secret(hidden_text{"1234567"});
        s.out.add_secret(hidden_text{"longer-than-longer"});
        s.out.add_secret(hidden_text{"longer"});
        s.out.info("e-1234567", "with s3cret\"\\\n\x1bpart inside",
                   {{"a1234567b", "x1234567y1234567"}, {"n", 912345678}, {"l", "longer-than-longer"}, {"t", "tok"}});
        auto const text = s.text();
        for (auto const* part : {"s3cret", "part", "1234567", "longer"})
            BOOST_TEST(text.find(part) == std::string::npos, text);
        BOOST_TEST(text.find("with *** inside") != std::string::npos, text);
        BOOST_TEST(text.find("x***y***") != std::string::npos, text);
        BOOST_TEST(text.find("9***8") != std::string::npos, text);
        BOOST_TEST(text.find("tok") != std::string::npos, text);  // too short to be hidden
        if (format == log_format::json) {
            json::document document;
            BOOST_TEST((document.parse(text) == json::parse_fault::none), text);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_long_value_is_cut_between_characters_and_never_through_a_secret) {
    sheet s;
    s.out.add_secret(hidden_text{"SECRETSECRET"});
    s.out.info(
        "e", "m",
        {{"v", std::string(8185, 'x') + "SECRETSECRET" + std::string(100, 'y')}, {"w", std::string(8191, 'x') + "ë"}});
    auto const text = s.text();
    BOOST_TEST(text.find("SEC") == std::string::npos);
    BOOST_TEST(text.find("x***yyyy…") != std::string::npos);
    BOOST_TEST(text.find("\\x") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_level_can_be_changed_while_it_runs) {
    sheet s{log_format::text, log_level::warn};
    s.out.info("a", "m");
    BOOST_TEST(!s.out.logs(log_level::info));
    s.out.set_level(log_level::info);
    s.out.info("b", "m");
    s.out.debug("c", "m");
    BOOST_TEST(lines_of(s.text()).size() == 1U);
    BOOST_TEST((log_level_named("warn") == log_level::warn));
    BOOST_TEST(!log_level_named("warning"));
    BOOST_TEST((log_format_named("json") == log_format::json));
    BOOST_TEST(!log_format_named(""));
}

BOOST_AUTO_TEST_CASE(a_reader_that_went_away_costs_lines_and_nothing_else) {
    ::signal(SIGPIPE, SIG_IGN);
    sheet s;
    s.pipe.close_reader();
    for (int i = 0; i < 10; ++i) s.out.info("e", "m");
    BOOST_TEST(s.out.lost() == 10U);
}

BOOST_AUTO_TEST_CASE(a_full_disk_costs_lines_and_nothing_else) {
    int const full = ::open("/dev/full", O_WRONLY | O_CLOEXEC);
    BOOST_REQUIRE(full >= 0);
    {
        ops::log out{{.descriptor = full}};
        out.info("e", "m");
        out.error("e", "m");
        BOOST_TEST(out.lost() == 2U);
    }
    ::close(full);
    ops::log closed{{.descriptor = full}};
    closed.info("e", "m");
    BOOST_TEST(closed.lost() == 1U);
}

BOOST_AUTO_TEST_CASE(a_reader_that_sleeps_does_not_stop_us_and_is_told_what_it_missed) {
    sheet s;
    auto const line = std::string(1000, 'x');
    while (s.out.lost() < 5) s.out.info("e", line);
    auto const before = s.text();
    BOOST_TEST(before.size() > 4096U);
    s.out.info("awake", "m");
    auto const lines = lines_of(s.text());
    BOOST_REQUIRE(lines.size() >= 2U);
    BOOST_TEST(lines[lines.size() - 2] ==
               "2026-11-24T00:20:12.123Z warn  log_lost  Log lines could not be written.  lines=5");
    BOOST_TEST(lines.back() == "2026-11-24T00:20:12.123Z info  awake  m");
    s.out.info("again", "m");
    BOOST_TEST(lines_of(s.text()).size() == 1U);
}

BOOST_AUTO_TEST_CASE(lines_of_two_threads_do_not_mix) {
    int const file = ::memfd_create("log", MFD_CLOEXEC);
    BOOST_REQUIRE(file >= 0);
    constexpr int each = 500;
    {
        ops::log out{{.descriptor = file}};
        auto const write = [&out](char letter) {
            for (int i = 0; i < each; ++i) {
                out.info("e", std::string(100, letter), {{"i", i}});
                if (i % 100 == 0) out.add_secret(hidden_text{"hidden" + std::to_string(i)});
            }
        };
        std::thread a{write, 'a'};
        std::thread b{write, 'b'};
        a.join();
        b.join();
        BOOST_TEST(out.lost() == 0U);
    }
    std::string text(static_cast<std::size_t>(::lseek(file, 0, SEEK_END)), '\0');
    BOOST_REQUIRE(::pread(file, text.data(), text.size(), 0) == static_cast<ssize_t>(text.size()));
    ::close(file);
    auto const lines = lines_of(text);
    BOOST_TEST(lines.size() == std::size_t{2 * each});
    for (auto const& line : lines) {
        bool const whole = line.find(std::string(100, 'a') + "  i=") != std::string::npos ||
                           line.find(std::string(100, 'b') + "  i=") != std::string::npos;
        BOOST_REQUIRE_MESSAGE(whole, line);
    }
}

BOOST_AUTO_TEST_SUITE_END()
