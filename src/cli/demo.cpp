#include <fmt/core.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <filesystem>
#include <mutex>
#include <thread>

#include "commands.hpp"
#include "exit.hpp"
#include "service.hpp"
#include "traitsync/core/sha256.hpp"
#include "traitsync/demo/moesif_service.hpp"
#include "traitsync/demo/population.hpp"
#include "traitsync/demo/segment_service.hpp"

namespace traitsync::cli {
namespace {

// The next free port is taken when one of these is in use.
constexpr std::uint16_t moesif_port = 8738;
constexpr std::uint16_t segment_port = 8739;
constexpr std::uint16_t admin_port = 8737;
constexpr int changes_a_second = 3;

// The first port from `first` on that nobody listens on.
std::uint16_t free_port(std::uint16_t first) {
    boost::asio::io_context loop;
    for (std::uint16_t port = first; port < first + 100; ++port) {
        boost::asio::ip::tcp::acceptor probe{loop};
        boost::system::error_code taken;
        boost::asio::ip::tcp::endpoint const here{boost::asio::ip::address_v4::loopback(), port};
        probe.open(here.protocol(), taken);
        probe.set_option(boost::asio::socket_base::reuse_address{true}, taken);
        probe.bind(here, taken);
        if (!taken) probe.listen(1, taken);
        if (!taken) return port;
    }
    throw std::runtime_error{"no free loopback port for the page"};
}

std::string page_address() { return "127.0.0.1:" + std::to_string(free_port(admin_port)); }

// A folder that goes with the demo.
class temporary_folder {
public:
    temporary_folder() {
        auto pattern = (std::filesystem::temp_directory_path() / "traitsync-demo-XXXXXX").string();
        if (!::mkdtemp(pattern.data()))
            throw std::runtime_error{"cannot make a folder for the demo's store in " + pattern};
        path_ = pattern;
    }
    ~temporary_folder() { remove(); }
    void remove() const {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    temporary_folder(temporary_folder const&) = delete;
    temporary_folder& operator=(temporary_folder const&) = delete;
    std::filesystem::path const& path() const { return path_; }

private:
    std::filesystem::path path_;
};

// Changes some profiles a second, as API users would, until it is destroyed.
class restless_users {
public:
    restless_users(demo::population& people, demo::moesif_service& moesif)
        : thread_{[this, &people, &moesif] { run(people, moesif); }} {}
    ~restless_users() {
        {
            std::lock_guard lock{mutex_};
            stopping_ = true;
        }
        wake_.notify_all();
        thread_.join();
    }

private:
    void run(demo::population& people, demo::moesif_service& moesif) {
        std::unique_lock lock{mutex_};
        while (!wake_.wait_for(lock, std::chrono::seconds{1}, [this] { return stopping_; })) {
            for (int i = 0; i < changes_a_second; ++i) {
                auto const index = people.any_user();
                people.change_user(index, system_clock().wall());
                auto document = people.user(index);
                moesif.put_user(std::move(document.id), std::move(document.source), document.modified);
            }
        }
    }

    std::mutex mutex_;
    std::condition_variable wake_;
    bool stopping_ = false;
    std::thread thread_;
};

config::settings settings_of(demo::moesif_service const& moesif, demo::segment_service const& segment,
                             std::filesystem::path const& folder, std::string const& token,
                             std::string const& write_key) {
    config::settings s;
    s.moesif.url = moesif.url();
    s.moesif.token = secret{token};
    s.moesif.interval = std::chrono::seconds{1};
    s.moesif.page_size = 100;
    s.moesif.requests_per_minute = 0;
    s.segment.url = segment.url();
    s.segment.write_key = secret{write_key};
    s.segment.batch_size = 100;
    s.store.path = (folder / "traitsync.db").string();
    s.store.min_free = 0;
    s.admin.listen = page_address();
    s.admin.token = secret{random_hex(16)};
    s.log.level = "warn";
    for (auto const& path : config::riding_by_default()) s.traits.policies.emplace(path, config::policy::ride);
    return s;
}

std::string progress_of(engine::status const& s, demo::segment_counts const& counts) {
    auto const& n = s.numbers;
    return fmt::format(
        "Moesif {:<8} {:>6} users {:>4} companies | queue {:>5} waiting {:>4} offered {:>2} dead | "
        "Segment {:<10} {:>6} acknowledged {:>3} batches refused or failed",
        word_of(s.pull.state, "pulling"), n.users, n.companies, n.waiting, n.offered, n.dead,
        word_of(s.push.state, "delivering"), s.push.acknowledged, counts.failures());
}

}  // namespace

int run_demo(demo_arguments const& arguments) {
    auto c = standard_console();
    try {
        auto const token = random_hex(16);
        auto const write_key = random_hex(16);
        demo::moesif_options source;
        source.token = token;
        source.port = moesif_port;
        source.faults.requests_per_minute = 0;
        source.faults.throttled = 0.02;
        source.faults.unavailable = 0.02;
        demo::moesif_service moesif{source};

        demo::segment_options sink;
        sink.write_key = write_key;
        sink.port = segment_port;
        // Some batches fail, so that retries are seen.
        sink.faults.throttled = 0.05;
        sink.faults.unavailable = 0.1;
        sink.faults.answer_lost = 0.03;
        demo::segment_service segment{sink};

        demo::population people{
            {.users = static_cast<std::size_t>(arguments.profiles), .newest = system_clock().wall()}};
        for (std::size_t i = 0; i < people.companies(); ++i) {
            auto document = people.company(i);
            moesif.put_company(std::move(document.id), std::move(document.source), document.modified);
        }
        for (std::size_t i = 0; i < people.users(); ++i) {
            auto document = people.user(i);
            moesif.put_user(std::move(document.id), std::move(document.source), document.modified);
        }

        // Not before it is needed: a signal that comes while profiles are made has nothing to remove.
        temporary_folder const folder;
        config::loaded config;
        config.values = settings_of(moesif, segment, folder.path(), token, write_key);
        auto const& settings = config.values;
        auto const log = make_log(settings);
        c.out << fmt::format("Built-in Moesif:  {} with {} users and {} companies\n", moesif.url(), people.users(),
                             people.companies())
              << fmt::format("Built-in Segment: {} (answers some batches with 429, 503 or not at all)\n", segment.url())
              << fmt::format("Store:            {} (removed at the end)\n", settings.store.path) << std::flush;

        auto const live = ::isatty(STDOUT_FILENO) != 0;
        std::string last;
        std::int64_t announced = -1;
        service_hooks hooks;
        hooks.every = live ? std::chrono::milliseconds{200} : std::chrono::milliseconds{2000};
        hooks.tick = [&](engine::status const& s) {
            auto line = progress_of(s, segment.counts());
            if (announced < 0 && s.pull.first_pass_done && s.numbers.waiting + s.numbers.offered == 0 &&
                s.push.acknowledged > 0) {
                announced = s.push.acknowledged;
                auto const words =
                    fmt::format("First sync done: {} messages acknowledged for {} users. From here only changes go.\n",
                                announced, s.numbers.users);
                c.out << (live ? "\r\x1b[K" : "") << words << std::flush;
            }
            if (line == last) return;
            last = line;
            c.out << (live ? "\r" : "") << line << (live ? "\x1b[K" : "\n") << std::flush;
        };
        hooks.serving = [&c](std::string const& address, std::string const& page_token) {
            c.out << fmt::format("Page:             {}/#token={}\n", address, page_token)
                  << fmt::format("{} profiles change every second. Ctrl-C ends the demo.\n\n", changes_a_second)
                  << std::flush;
        };
        // Somebody may take the port between the choice and the listening.
        hooks.elsewhere = page_address;
        hooks.abandoned = [&] { folder.remove(); };
        hooks.ended = [&] {
            // From here a signal has its default effect. Who has the store open still can close it.
            folder.remove();
            auto const counts = segment.counts();
            c.out << (live ? "\n" : "")
                  << fmt::format(
                         "\nSegment took {} distinct messages in {} batches; {} requests failed and were repeated, {} "
                         "messages "
                         "came twice under their own id, {} broke a rule.\n",
                         counts.distinct_messages, counts.batches, counts.failures(), counts.repeats, counts.violations)
                  << std::flush;
        };
        restless_users const users{people, moesif};
        return run_service(config, {}, *log, c, std::move(hooks));
    } catch (std::runtime_error const& e) {
        print_failure(c, e.what());
        return exit_failed;
    }
}

}  // namespace traitsync::cli
