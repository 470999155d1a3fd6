import EventLoop
import HTTP
import Logging

extension LambdaRuntime {
    /// What is sent back.
    enum Delivery {
        case answer([UInt8])
        case failure(FailureReport)
    }

    /// Sends it; where the runtime API hangs up, a few times. What it refuses is lost, and the loop goes on.
    func deliver(_ delivery: Delivery, _ context: LambdaContext) async {
        var schedule = self.schedule
        while true {
            do throws(HTTPError) {
                let status = try await self.post(delivery, context)
                if case .answer = delivery, status == 413 {
                    let report = FailureReport(type: "ResponseTooLarge", message: "the answer is larger than Lambda accepts (6 MB)")
                    return await self.deliver(.failure(report), context)
                }
                if !(200..<300).contains(status) {
                    context.logger.error("answer refused by the runtime API", metadata: ["status": .stringConvertible(status)])
                }
                return
            } catch {
                guard let pause = schedule.failed(), (try? await self.loop.sleep(for: pause)) != nil else {
                    return context.logger.error("answer not delivered", metadata: ["error": .string(error.code.label)])
                }
            }
        }
    }

    private func post(_ delivery: Delivery, _ context: LambdaContext) async throws(HTTPError) -> Int {
        switch delivery {
        case .answer(let bytes): try await self.api.respond(context.requestID, bytes).status
        case .failure(let report): try await self.api.fail(context.requestID, report).status
        }
    }
}
