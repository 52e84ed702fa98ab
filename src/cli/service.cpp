#include "service.hpp"

#include <fmt/core.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <exception>

#include "exit.hpp"
#include "heartbeat.hpp"
#include "reloading.hpp"
#include "service_manager.hpp"
#include "traitsync/admin/server.hpp"
#include "traitsync/admin/token.hpp"
#include "traitsync/store/store_thread.hpp"

namespace traitsync::cli {
namespace {

namespace asio = boost::asio;

// Two signals: the first stops in order, the second at once. Nothing is lost either way: everything that
// counts is in the store.
void watch_signals(asio::signal_set& signals, engine::engine& e, ops::log& log, service_manager& manager,
                   service_hooks const& hooks, bool first) {
    signals.async_wait([&, first](boost::system::error_code failed, int number) {
        if (failed) return;
        if (!first) {
            if (hooks.abandoned) hooks.abandoned();
            std::_Exit(128 + number);
        }
        log.info("stopping", "Stopping: requests in flight may finish, nothing is lost",
                 {{"signal", number == SIGINT   ? "SIGINT"
                             : number == SIGHUP ? "SIGHUP"
                                                : "SIGTERM"}});
        manager.stopping();
        e.stop();
        watch_signals(signals, e, log, manager, hooks, false);
    });
}

// Of this thread and of those that it makes.
void mask_hang_up(int how) {
    sigset_t set;
    ::sigemptyset(&set);
    ::sigaddset(&set, SIGHUP);
    ::pthread_sigmask(how, &set, nullptr);
}

// As by nohup: who started it wants it to go on.
bool is_ignored(int signal) {
    struct sigaction present {};
    return ::sigaction(signal, nullptr, &present) == 0 && present.sa_handler == SIG_IGN;
}

void draw(asio::steady_timer& timer, engine::engine& e, service_hooks const& hooks) {
    timer.expires_after(hooks.every);
    timer.async_wait([&](boost::system::error_code failed) {
        if (failed) return;
        hooks.tick(e.state());
        draw(timer, e, hooks);
    });
}

// However a start ends, the store is closed in order: the next one must not take it for a crash. But a crash before
// stays to be told while nothing has run since, and damage until the store was replaced.
struct orderly_end {
    store::store_thread& store;
    bool ran = false;
    bool damaged = false;
    ~orderly_end() {
        store.finish_jobs();
        if (damaged) {
            store.owner().file().close_untouched();
        } else if (ran || !store.owner().file().was_unclean()) {
            store.close_cleanly();
        }
    }
};

int exit_of_once(engine::ending const& end, console& c) {
    auto const unsent = end.numbers.waiting + end.numbers.offered;
    if (end.finished && end.numbers.held == 0 && end.newly_dead == 0) return exit_done;
    if (end.numbers.held > 0) {
        print_failure(
            c, fmt::format("{} messages are held by the brake: they wait for release or discard", end.numbers.held));
    }
    if (end.newly_dead > 0) print_failure(c, fmt::format("{} messages became dead letters", end.newly_dead));
    if (end.stopped) {
        print_failure(c, fmt::format("stopped; {} messages wait and go at the next run", unsent));
        return exit_failed;
    }
    if (end.failure) {
        print_failure(c, end.failure->what);
        if (end.has_unsent) print_failure(c, fmt::format("{} messages are not sent yet; nothing is lost", unsent));
        auto const failed_reading = end.failure->kind == fault::unauthorized ||
                                    end.failure->kind == fault::unavailable || end.failure->kind == fault::throttled ||
                                    end.failure->kind == fault::misdirected;
        auto const none_left = !end.has_unsent && end.numbers.held == 0 && end.newly_dead == 0;
        if (failed_reading && none_left) return exit_of(end.failure->kind);
    }
    return exit_failed;
}

// A secret that was made beside the store, with what is doubtful about its file.
int put_in_place(result<admin::settled_secret> found, secret& place, ops::log& log, console& c) {
    if (!found) {
        print_failure(c, found.error().what);
        return found.error().kind == fault::invalid ? exit_usage : exit_failed;
    }
    for (auto& doubt : found->doubts) print_warning(c, {"", 0, 0, std::move(doubt)});
    place = std::move(found->value);
    log.add_secret(place);
    return exit_done;
}

// A step of the start, as open_reader() and serve_api(): exit_done, or what to exit with; why is printed.
int open_store(std::string const& path, std::unique_ptr<store::session>& place, console& c) {
    auto opened = store::database::open(path);
    if (!opened) {
        print_failure(c, opened.error().what);
        return opened.error().kind == fault::conflict ? exit_refused : exit_failed;
    }
    try {
        place = std::make_unique<store::session>(std::move(*opened));
    } catch (...) {
        auto const why = store::error_of_exception(std::current_exception());
        print_failure(c, why.what);
        return exit_failed;
    }
    return exit_done;
}

// What only the API needs: its token, and a connection to the store that reads.
int open_reader(config::settings& settings, std::unique_ptr<store::reader_thread>& place, ops::log& log, console& c) {
    auto const wrong = put_in_place(admin::settle_token(settings), settings.admin.token, log, c);
    if (wrong != exit_done) return wrong;
    auto looking = store::reader::open(settings.store.path);
    if (!looking) {
        print_failure(c, looking.error().what);
        return exit_failed;
    }
    place = std::make_unique<store::reader_thread>(std::move(*looking));
    return exit_done;
}

// What is there before the loop begins. All of it outlives the loop and what runs on it.
struct foundations {
    config::loaded& config;
    store::store_thread& store;
    store::reader_thread* reader;  // null: the API is not served
    ops::log& log;
    console& c;
    service_manager& manager;
    service_hooks const& hooks;
};

int serve_api(asio::io_context& loop, engine::engine& e, foundations const& f, std::unique_ptr<admin::server>& server) {
    auto const version = f.store.owner().file().schema_version();
    auto const listen = [&] {
        server = std::make_unique<admin::server>(loop, e, *f.reader, f.config, f.log, system_clock(), version);
        return server->listen();
    };
    auto listening = listen();
    while (!listening && listening.error().kind == fault::conflict && f.hooks.elsewhere) {
        f.config.values.admin.listen = f.hooks.elsewhere();
        listening = listen();
    }
    if (!listening) {
        print_failure(f.c, listening.error().what);
        // What may pass by itself is no mistake in the configuration: a service manager tries again.
        return listening.error().kind == fault::invalid ? exit_usage : exit_failed;
    }
    if (f.hooks.serving) f.hooks.serving(server->address(), f.config.values.admin.token.reveal());
    return exit_done;
}

// Not in order: the next start is to take it for the crash that it is.
[[noreturn]] void end_by_bug(std::exception_ptr bug, ops::log& log, console& c) {
    try {
        std::rethrow_exception(bug);
    } catch (std::exception const& e) {
        log.error("bug", "traitsync found itself in a state that cannot be; the store is consistent",
                  {{"detail", e.what()}});
        print_failure(c, fmt::format("stopped by a bug: {}; nothing is lost, please report it", e.what()));
    }
    std::_Exit(exit_failed);
}

// The loop, from the engine's first step to its last, and what others still do for it.
engine::ending run_to_end(asio::io_context& loop, engine::engine& e, asio::signal_set& signals,
                          asio::steady_timer& timer, foundations const& f) {
    std::exception_ptr bug;
    engine::ending end;
    asio::co_spawn(loop, e.run(), [&](std::exception_ptr thrown, engine::ending result) {
        bug = thrown;
        end = std::move(result);
        signals.cancel();
        timer.cancel();
        // Idle connections and timers have nothing left to do.
        loop.stop();
    });
    loop.run();
    // A job that is still running holds the loop's executor and the engine's values: it ends before they do.
    f.store.finish_jobs();
    if (f.reader) f.reader->finish_jobs();
    if (f.hooks.ended) f.hooks.ended();
    if (bug) end_by_bug(bug, f.log, f.c);
    return end;
}

// `of_store` is told once the engine has ended in order.
int run_loop(foundations const& f, engine::engine_options options, orderly_end& of_store) {
    auto const& settings = f.config.values;
    auto const once = options.once;
    asio::io_context loop{1};
    engine::engine engine{loop, settings, f.store, f.log, system_clock(), std::move(options)};
    asio::signal_set signals{loop, SIGINT, SIGTERM};
    asio::steady_timer timer{loop};
    std::unique_ptr<admin::server> server;
    if (f.reader) {
        auto const wrong = serve_api(loop, engine, f, server);
        if (wrong != exit_done) return wrong;
    }
    if (!f.hooks.reload && !is_ignored(SIGHUP)) signals.add(SIGHUP);
    watch_signals(signals, engine, f.log, f.manager, f.hooks, true);
    asio::signal_set hang_up{loop};
    reloading reload{f.config, engine, server.get(), f.log, f.manager, f.hooks.reload};
    if (f.hooks.reload) {
        hang_up.add(SIGHUP);
        reload.watch(hang_up);
        mask_hang_up(SIG_UNBLOCK);
    }
    if (f.hooks.tick) draw(timer, engine, f.hooks);
    f.log.info("started", "traitsync has started",
               {{"version", TRAITSYNC_VERSION},
                {"store", settings.store.path},
                {"pid", static_cast<std::int64_t>(::getpid())}});
    f.manager.ready();
    asio::co_spawn(loop, keep_alive(f.manager, f.store), asio::detached);
    asio::co_spawn(loop, keep_status(f.manager, engine.state()), asio::detached);
    auto const end = run_to_end(loop, engine, signals, timer, f);
    auto const& n = end.numbers;
    f.log.info("stopped", "traitsync has stopped; what waits goes at the next start",
               {{"waiting", n.waiting}, {"offered", n.offered}, {"held", n.held}, {"dead", n.dead}});
    of_store.ran = true;
    of_store.damaged = end.damaged;
    return once ? exit_of_once(end, f.c) : static_cast<int>(exit_done);
}

}  // namespace

std::unique_ptr<ops::log> make_log(config::settings const& settings) {
    ops::log_options options;
    if (auto const level = ops::log_level_named(settings.log.level)) options.level = *level;
    if (auto const format = ops::log_format_named(settings.log.format)) options.format = *format;
    auto log = std::make_unique<ops::log>(options);
    log->add_secret(settings.moesif.token);
    log->add_secret(settings.segment.write_key);
    log->add_secret(settings.admin.token);
    log->add_secret(settings.admin.viewer_token);
    log->add_secret(settings.alerts.webhook_url);
    log->add_secret(settings.alerts.secret);
    return log;
}

int run_service(config::loaded config, engine::engine_options options, ops::log& log, console& c, service_hooks hooks) {
    auto const& settings = config.values;
    // What comes before the loop runs is done then: the store may be brought to a new form for minutes.
    if (hooks.reload) mask_hang_up(SIG_BLOCK);
    auto manager = service_manager::from_environment();
    if (manager.trouble())
        log.warn("manager_unreachable", "The service manager cannot be told anything",
                 {{"detail", manager.trouble()->what}});
    manager.status("opening the store");
    std::unique_ptr<store::session> session;
    auto wrong = open_store(settings.store.path, session, c);
    if (wrong != exit_done) return wrong;
    store::store_thread store{std::move(session)};
    orderly_end end_of_store{store};
    if (!settings.alerts.webhook_url.empty()) {
        wrong = put_in_place(admin::settle_alert_secret(settings), config.values.alerts.secret, log, c);
        if (wrong != exit_done) return wrong;
    }
    std::unique_ptr<store::reader_thread> reader;
    if (!options.once) {
        wrong = open_reader(config.values, reader, log, c);
        if (wrong != exit_done) return wrong;
    }
    return run_loop({config, store, reader.get(), log, c, manager, hooks}, std::move(options), end_of_store);
}

}  // namespace traitsync::cli
