/// The address of a wallet, checked and in its chain's own spelling. Money goes where it points: nothing else is stored as a wallet.
///
/// ```swift
/// let wallet = try WalletAddress("0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed")
/// wallet.chain  // evm
/// wallet.text   // 0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed
/// ```
public struct WalletAddress: Hashable, Sendable {
    /// Whose addresses these are.
    public let chain: Chain
    /// The address in its normal form. Never log it.
    public let text: String

    /// A family of blockchains that share a form of addresses.
    public struct Chain: Hashable, Sendable {
        private enum Kind: String, Hashable {
            case evm
        }

        private let kind: Kind

        /// Ethereum and the chains that run its virtual machine: `0x` and 40 hexadecimal digits with the checksum of EIP-55.
        public static let evm = Chain(kind: .evm)

        /// A short name, from a bounded set.
        public var name: String { self.kind.rawValue }
    }

    /// Recognises the chain by the form, checks the address and brings it into its normal form. White space around it is dropped.
    ///
    /// Throws `.invalidWallet` with a sentence that says what is wrong, without repeating the address.
    public init(_ text: some StringProtocol) throws(SessionStoreError) {
        let bytes = Self.trimmed(text)
        guard !bytes.isEmpty else {
            throw SessionStoreError(.invalidWallet, "the wallet address is empty: give 0x and 40 hexadecimal digits")
        }
        // The forms of further chains are told apart here: none of theirs begins with 0x.
        self.text = try EVMAddress.normalise(bytes)
        self.chain = .evm
    }

    private static func trimmed(_ text: some StringProtocol) -> [UInt8] {
        let bytes = Array(text.utf8)
        let isSpace: (UInt8) -> Bool = { $0 == 0x20 || (0x09...0x0D).contains($0) }
        guard let first = bytes.firstIndex(where: { !isSpace($0) }), let last = bytes.lastIndex(where: { !isSpace($0) }) else { return [] }
        return Array(bytes[first...last])
    }
}
