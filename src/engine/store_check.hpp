#pragma once
// The full check of the store after an unclean end, in the background. A stop breaks it off; it is owed then, and made
// at a later start. Private to engine/.

#include <future>
#include <memory>

#include "context.hpp"
#include "traitsync/store/checking.hpp"

namespace traitsync::engine {

class store_check {
public:
    explicit store_check(context& c) : c_{c} {}
    ~store_check();  // breaks it off

    void begin();  // once a run
    // Keeps in the store that a check is owed, before it begins: whatever ends the run, a later one makes it then.
    static result<bool> owe(store::session& s);

    enum class standing : std::uint8_t { not_begun, at_work, sound };
    standing now() const { return standing_; }

    // Forgets in the store that the check was owed once the store was found sound. True where an earlier run owes it
    // and this one has not begun it. Part of the caller's transaction, on the store thread.
    static bool note(store::session& s, standing now);

private:
    void tell(result<std::string> const& found);

    context& c_;
    standing standing_ = standing::not_begun;
    std::unique_ptr<store::checking> checking_;
    std::future<void> end_;
};

}  // namespace traitsync::engine
