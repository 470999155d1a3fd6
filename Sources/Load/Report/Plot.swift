/// A drawing of some series, as SVG. Its colours are the page's.
struct Plot: Sendable {
    var title: String
    var note: String
    var x: Axis
    var y: Axis
    var series: [Series]
    /// What ticks say.
    var xText: @Sendable (Double) -> String
    var yText: @Sendable (Double) -> String
    /// Where lines across go; those of the axis unless given.
    var xTicks: [Double]?

    struct Series: Sendable {
        /// Empty: the legend leaves it out.
        var name: String
        /// A class of the style sheet.
        var colour: String
        var isDashed = false
        /// Gaps are where a value is missing.
        var points: [(x: Double, y: Double?)]
    }

    private static let (width, height) = (640.0, 260.0)
    private static let (left, right, top, bottom) = (64.0, 28.0, 10.0, 30.0)

    /// The figure with its legend.
    var html: String {
        let legend = self.series.filter { !$0.name.isEmpty }.map { series in
            #"<span><i class="\#(series.colour)"></i>\#(series.name.escapedForHTML)</span>"#
        }
        return """
            <figure>
            <figcaption><b>\(self.title.escapedForHTML)</b> \(self.note.escapedForHTML)</figcaption>
            \(self.svg)
            <div class="legend">\(legend.joined())</div>
            </figure>
            """
    }

    private var svg: String {
        let lines = self.series.flatMap { series in
            self.paths(series.points).map { path in
                #"<path class="line \#(series.colour)\#(series.isDashed ? " dashed" : "")" d="\#(path)"/>"#
            }
        }
        return """
            <svg viewBox="0 0 \(Int(Self.width)) \(Int(Self.height))" role="img" aria-label="\(self.title.escapedForHTML)">
            \(self.grid.joined(separator: "\n"))
            \(lines.joined(separator: "\n"))
            </svg>
            """
    }

    private var grid: [String] {
        let (end, floor) = (Self.width - Self.right, Self.height - Self.bottom)
        let rows = self.y.ticks.map { tick in
            let y = Self.text(self.vertical(tick))
            return #"<line class="grid" x1="\#(Self.text(Self.left))" x2="\#(Self.text(end))" y1="\#(y)" y2="\#(y)"/>"#
                + #"<text class="tick" x="\#(Self.text(Self.left - 8))" y="\#(y)" dy="4" text-anchor="end">\#(self.yText(tick).escapedForHTML)</text>"#
        }
        let columns = (self.xTicks ?? self.x.ticks).map { tick in
            let x = Self.text(self.horizontal(tick))
            return #"<line class="grid" x1="\#(x)" x2="\#(x)" y1="\#(Self.text(Self.top))" y2="\#(Self.text(floor))"/>"#
                + #"<text class="tick" x="\#(x)" y="\#(Self.text(floor + 18))" text-anchor="middle">\#(self.xText(tick).escapedForHTML)</text>"#
        }
        return rows + columns
    }

    /// One path for each stretch without a gap. A lone point is a short line, or nobody would see it.
    private func paths(_ points: [(x: Double, y: Double?)]) -> [String] {
        points.split { $0.y == nil }.map { stretch in
            let places = stretch.map { (self.horizontal($0.x), self.vertical($0.y ?? 0)) }
            let all = places.count == 1 ? [(places[0].0 - 2, places[0].1), (places[0].0 + 2, places[0].1)] : places
            return "M" + all.map { "\(Self.text($0.0)) \(Self.text($0.1))" }.joined(separator: "L")
        }
    }

    private func horizontal(_ value: Double) -> Double {
        Self.left + self.x.place(of: value) * (Self.width - Self.left - Self.right)
    }

    private func vertical(_ value: Double) -> Double {
        Self.height - Self.bottom - self.y.place(of: value) * (Self.height - Self.top - Self.bottom)
    }

    /// To a tenth of a unit: finer than a screen shows.
    private static func text(_ place: Double) -> String {
        String((place * 10).rounded() / 10)
    }
}

extension String {
    /// The text where HTML would see tags in it.
    var escapedForHTML: String {
        var text = ""
        for character in self {
            switch character {
            case "&": text += "&amp;"
            case "<": text += "&lt;"
            case ">": text += "&gt;"
            case "\"": text += "&quot;"
            default: text.append(character)
            }
        }
        return text
    }
}
