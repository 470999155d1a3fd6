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
            case evm, bitcoin, bitcoinTest = "bitcoin-test", solana, tezos
        }

        private let kind: Kind

        /// Ethereum and the chains that run its virtual machine: `0x` and 40 hexadecimal digits with the checksum of EIP-55.
        public static let evm = Chain(kind: .evm)
        /// Bitcoin: P2PKH and P2SH in Base58Check, witness programs in Bech32 (BIP-173) and Bech32m (BIP-350).
        public static let bitcoin = Chain(kind: .bitcoin)
        /// Bitcoin's test networks, whose addresses have the same forms and other prefixes. Their coins are worth nothing.
        public static let bitcoinTest = Chain(kind: .bitcoinTest)
        /// Solana: 32 bytes in Base58. The form has no checksum, so a wrong character is not noticed. Bytes that are no point of the curve are
        /// accepted: nobody has a key to such an address, but a program may own it, as it does for wallets of several signers.
        public static let solana = Chain(kind: .solana)
        /// Tezos: `tz1` to `tz4` and, for contracts, `KT1` in Base58Check. They are hashes, so there is no curve to be on.
        public static let tezos = Chain(kind: .tezos)

        /// A short name, from a bounded set.
        public var name: String { self.kind.rawValue }
    }

    /// Recognises the chain by the form, checks the address and brings it into its normal form. White space around it is dropped.
    ///
    /// Throws `.invalidWallet` with a sentence that says what is wrong, without repeating the address.
    public init(_ text: some StringProtocol) throws(SessionStoreError) {
        let bytes = Self.trimmed(text)
        guard !bytes.isEmpty else {
            throw .invalidWallet("the wallet address is empty: give \(Self.forms)")
        }
        switch Self.form(of: bytes) {
        case .evm: (self.chain, self.text) = (.evm, try EVMAddress.normalise(bytes))
        case .witness: (self.chain, self.text) = try WitnessAddress.normalise(bytes)
        case .base58: (self.chain, self.text) = try Base58Address.normalise(bytes)
        case .unknown: throw .invalidWallet("this is not the form of a wallet address: give \(Self.forms)")
        }
    }

    /// Whether `text` is an EVM address in letters of one case: valid, but without the checksum of EIP-55, so that a wrong character in it would not be
    /// noticed. False for every other text.
    public static func lacksChecksum(_ text: some StringProtocol) -> Bool {
        guard let wallet = try? WalletAddress(text), wallet.chain == .evm else { return false }
        return !wallet.text.utf8.dropFirst(2).elementsEqual(Self.trimmed(text).dropFirst(2))
    }

    private enum Form { case evm, witness, base58, unknown }

    private static let forms = "0x and 40 hexadecimal digits, or an address of Bitcoin, Solana or Tezos as the wallet shows it"

    /// The family by how the text begins and how long it is: enough to say what is wrong with it.
    private static func form(of bytes: [UInt8]) -> Form {
        if EVMAddress.isMeant(by: bytes) { return .evm }
        if WitnessAddress.isMeant(by: bytes) { return .witness }
        // 25 bytes of Base58 are at least 26 digits, 32 are at most 44; one lost or doubled digit is to be told as such.
        return (25...45).contains(bytes.count) && bytes.allSatisfy(Self.isAlphanumeric) ? .base58 : .unknown
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        default: false
        }
    }

    private static func trimmed(_ text: some StringProtocol) -> [UInt8] {
        let bytes = Array(text.utf8)
        let isSpace: (UInt8) -> Bool = { $0 == 0x20 || (0x09...0x0D).contains($0) }
        guard let first = bytes.firstIndex(where: { !isSpace($0) }), let last = bytes.lastIndex(where: { !isSpace($0) }) else { return [] }
        return Array(bytes[first...last])
    }
}

extension SessionStoreError {
    /// What is wrong with an address; it is not repeated.
    static func invalidWallet(_ message: String) -> SessionStoreError {
        SessionStoreError(.invalidWallet, message)
    }

    /// The one sentence for a checksum that says no, of whatever chain.
    static var walletChecksum: SessionStoreError {
        .invalidWallet("the checksum of the wallet address does not match: one character is probably wrong; copy it again from the wallet")
    }

    /// An address that is well formed and that nobody holds.
    static var walletOfNobody: SessionStoreError {
        .invalidWallet("nobody holds this address: what is sent there is lost; copy the address from the wallet")
    }
}
