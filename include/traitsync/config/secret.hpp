#pragma once
// A secret text: no stream operator, no formatter, no comparison, so that printing one does not compile.
// `reveal` is the word to look for.

#include <string>
#include <utility>

namespace traitsync {

class secret {
public:
    secret() = default;
    explicit secret(std::string text) : text_{std::move(text)} {}
    std::string const& reveal() const { return text_; }
    bool empty() const { return text_.empty(); }

private:
    std::string text_;
};

}  // namespace traitsync
