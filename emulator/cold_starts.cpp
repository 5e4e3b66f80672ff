#include "emulator/cold_starts.hpp"

#include <fmt/format.h>

#include <stdexcept>

#include "emulator/base/file.hpp"
#include "emulator/source/source.hpp"

namespace emu {
extern const std::string_view kColdStartYaml;  // config/cold-start.yaml, made by cmake/library.cmake

runtime::ColdStarts read_cold_starts(const ColdStartOptions& options) {
  const auto file = options.model ? options.model->string() : "config/cold-start.yaml";
  std::string text(kColdStartYaml);
  if (options.model) {
    auto given = read_file(*options.model);
    if (!given) throw Problems({}, fmt::format("cannot read {}", file));
    text = std::move(*given);
  }
  try {
    const auto document = parse_yaml(text, file).json();
    const auto setting =
        runtime::ColdStartSetting::parse(options.setting).value_or(runtime::ColdStartSetting{});
    runtime::ColdStarts out(runtime::ColdStartModel::read(document), options.seed, setting);
    if (!out.knows(setting))
      throw std::invalid_argument(fmt::format("no profile is named {}", setting.profile));
    return out;
  } catch (const std::invalid_argument& wrong) {
    throw Problems({}, fmt::format("{}: {}", file, wrong.what()));
  }
}
}  // namespace emu
