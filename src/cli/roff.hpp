#pragma once
// The few requests of man(7) that our pages need. Texts are escaped here and nowhere else.

#include <string>
#include <string_view>

namespace traitsync::cli {

class roff {
public:
    // TRAITSYNC, 1, "User Commands"
    roff(std::string_view title, std::string_view section, std::string_view manual);

    roff& heading(std::string_view text);                     // .SH
    roff& subheading(std::string_view text);                  // .SS
    roff& paragraph(std::string_view text);                   // .PP
    roff& item(std::string_view tag, std::string_view text);  // .TP; `tag` may hold **bold** and *italic*
    roff& more(std::string_view text);                        // another paragraph of the item
    roff& example(std::string_view text);                     // as it stands

    // "**bold**" and "*italic*" in texts; everything else as it is.
    static std::string marked(std::string_view text);
    std::string const& text() const { return out_; }

private:
    std::string out_;
};

}  // namespace traitsync::cli
