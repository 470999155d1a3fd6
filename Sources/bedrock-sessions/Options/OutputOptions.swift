import ArgumentParser

/// How a command prints data.
struct OutputOptions: ParsableArguments {
    @Flag(help: "Print JSON, one document in one line.")
    var json = false
}
