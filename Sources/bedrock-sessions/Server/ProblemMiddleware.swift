import HTTPTypes
import Hummingbird
import Logging
import SessionStore

/// Turns every error into a problem document.
struct ProblemMiddleware: RouterMiddleware {
    func handle(
        _ request: Request, context: BasicRequestContext, next: @concurrent (Request, BasicRequestContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let problem as Problem {
            return problem.response
        } catch let error as SessionStoreError {
            let problem = Problem(error)
            let level: Logger.Level = problem.status.kind == .serverError ? .warning : .debug
            context.logger.log(level: level, "request failed", metadata: ["error": .string(error.code.label)])
            return problem.response
        } catch let error as any HTTPResponseError {
            let isUnknown = error.status == .notFound
            let detail = isUnknown ? "there is nothing at this address; see bedrock-sessions serve --help" : error.status.reasonPhrase
            return Problem(error.status, detail).response
        } catch {
            context.logger.error("request failed", metadata: ["error": .string(String(describing: type(of: error)))])
            return Problem(.internalServerError, "the request failed for a reason inside the server; its log says more").response
        }
    }
}
