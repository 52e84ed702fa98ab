#include "store_check.hpp"

#include <boost/asio/post.hpp>

#include <utility>

namespace traitsync::engine {
namespace {

constexpr char const* owed = "check_owed";
constexpr std::chrono::milliseconds say_again{10};

}  // namespace

store_check::~store_check() {
    if (!end_.valid()) return;
    do {
        checking_->break_off();
    } while (end_.wait_for(say_again) != std::future_status::ready);
}

void store_check::begin() {
    standing_ = standing::at_work;
    checking_ = std::make_unique<store::checking>(c_.settings.store.path);
    end_ = std::async(std::launch::async, [this] {
        auto found = checking_->run();
        boost::asio::post(c_.loop, [this, found = std::move(found)] { tell(found); });
    });
}

void store_check::tell(result<std::string> const& found) {
    end_.get();  // the thread's last act was to post this
    checking_.reset();
    if (!found) {
        c_.log.warn("store_unchecked", "The store could not be checked after the unclean end",
                    {{"detail", found.error().what}});
    } else if (found->empty()) {
        standing_ = standing::sound;
        c_.log.info("store_sound", "The store was checked after the unclean end and is sound");
    } else {
        c_.damaged = true;
        c_.state.store_fault.reset();  // of another kind, which may pass: this one does not
        c_.store_failed({fault::storage, "the store is damaged: " + *found +
                                             ". It is not repaired by itself; stop traitsync and restore a backup"});
    }
}

result<bool> store_check::owe(store::session& s) {
    s.meta.set(owed, std::int64_t{1});
    return true;
}

bool store_check::note(store::session& s, standing now) {
    auto const is_owed = s.meta.integer(owed).has_value();
    if (now == standing::sound && is_owed) s.meta.remove(owed);
    return now == standing::not_begun && is_owed;
}

}  // namespace traitsync::engine
