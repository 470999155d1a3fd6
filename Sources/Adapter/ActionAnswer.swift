/// What an action answers, in either style.
public struct ActionAnswer: Hashable, Sendable {
    /// What became of the action.
    public var status: Status
    /// What was asked for, by name, in this order. Texts that came from outside belong here and nowhere else: the model sees them as data.
    public var fields: [Field]
    /// One sentence for the model.
    public var message: String
    /// The answer's body where it is the action's own: then neither the status's word nor `fields` and `message` are in it.
    public var content: ActionContent?

    /// A named text.
    public struct Field: Hashable, Sendable {
        /// Its name.
        public var name: String
        /// Its text.
        public var value: String

        /// A named text.
        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// An answer with these parts.
    public init(_ status: Status, _ message: String, fields: [Field] = []) {
        self.status = status
        self.fields = fields
        self.message = message
    }

    /// An answer whose body is the action's own.
    public init(_ status: Status = .done, content: ActionContent) {
        self.status = status
        self.fields = []
        self.message = ""
        self.content = content
    }
}
