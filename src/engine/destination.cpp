#include "destination.hpp"

#include <optional>

#include "pass_book.hpp"
#include "salted_hash.hpp"

namespace traitsync::engine {
namespace {

constexpr int forget_chunk = 500;
// In the store's meta: up to which user a resend has come that was cut short. It holds as long as nothing else is
// decided: a resend to a later source begins with the first user.
constexpr auto resend_after = "resend_after";

std::string fingerprint(store::session& s, std::string const& region, secret const& write_key) {
    return salted_hash(s, region + "\n" + write_key.reveal());
}

// Nothing where there is nothing to ask about: nothing was ever read.
std::optional<std::string> known_destination(store::session& s) {
    auto before = s.meta.text("destination");
    if (before && s.profiles.users_after(0, 1).empty()) before.reset();
    return before;
}

reason other_destination(wall_time since) {
    return {"destination_changed",
            "the write key or region is not the one that this store delivered to: say once whether it is another "
            "source (resend: everything is sent again) or the same source with a new key (keep), by --destination or "
            "the API",
            since};
}

}  // namespace

void note_other_destination(context& c, store::session& s) {
    auto const before = known_destination(s);
    if (before && *before != fingerprint(s, c.settings.segment.region, c.write_key)) {
        c.state.destination = other_destination(c.time.wall());
    }
}

boost::asio::awaitable<void> settle_destination(context& c, destination_choice choice, wake& sleeper) {
    auto const region = c.settings.segment.region;
    auto const write_key = c.write_key;
    struct looked {
        bool same = false, half_resent = false;
    };
    auto look = [region, write_key](store::session& s) -> result<looked> {
        store::session::transaction tx{s};
        auto const now = fingerprint(s, region, write_key);
        auto const before = known_destination(s);
        looked it{.same = !before || *before == now, .half_resent = s.meta.integer(resend_after).has_value()};
        if (!before) s.meta.set("destination", now);
        if (it.same) s.meta.remove(resend_after);
        if (it.same && it.half_resent) resume_adopting(s);
        tx.commit();
        return it;
    };
    auto const found = co_await insist(c, sleeper, std::move(look));
    if (!found) co_return;
    if (found->half_resent && (found->same || choice == destination_choice::keep)) {
        c.log.warn("resend_called_off",
                   "A resend that was cut short does not go on: the profiles that it had reached are sent again, and "
                   "traits that Moesif had dropped before stay at Segment");
    }
    if (found->same) {
        c.state.destination.reset();
        co_return;
    }
    if (choice == destination_choice::ask) {
        c.state.destination = other_destination(c.time.wall());
        c.log.error("destination_changed", "Delivery is blocked: another write key",
                    {{"detail", c.state.destination->detail}});
        c.changed();
        co_return;
    }
    if (choice == destination_choice::resend) {
        for (bool more = true; more && !c.stopping;) {
            auto const now = c.now();
            auto forget = [&c, now](store::session& s) -> result<bool> {
                store::session::transaction tx{s};
                end_adopting(s);
                auto const after = s.meta.integer(resend_after).value_or(0);
                auto const last = s.outbox.forget_destination(after, forget_chunk, c.rules.diff_rules(), now);
                if (last) {
                    s.meta.set(resend_after, *last);
                } else {
                    s.meta.remove(resend_after);
                }
                tx.commit();
                return last.has_value();
            };
            auto done = co_await insist(c, sleeper, std::move(forget));
            if (!done) co_return;
            more = *done;
        }
        if (c.stopping) co_return;
    }
    auto keep = [region, write_key, choice](store::session& s) -> result<void> {
        store::session::transaction tx{s};
        // Who had the last object of such a company no longer has it.
        if (choice == destination_choice::resend) s.companies.mark_gone_and_cut_for_rediff();
        if (choice == destination_choice::keep && s.meta.integer(resend_after)) resume_adopting(s);
        s.meta.remove(resend_after);
        s.meta.set("destination", fingerprint(s, region, write_key));
        tx.commit();
        return {};
    };
    auto const kept = co_await insist(c, sleeper, std::move(keep));
    if (!kept) co_return;
    c.state.destination.reset();
    c.log.info("destination_settled", choice == destination_choice::resend
                                          ? "Another Segment source: everything is sent again"
                                          : "The same Segment source with a new write key");
    c.changed();
    c.queue_grew();
}

}  // namespace traitsync::engine
