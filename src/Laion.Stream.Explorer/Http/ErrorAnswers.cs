using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Logging;

namespace LaionStream.Explorer.Http;

/// <summary>
/// Gives every answer that is an error a JSON body, whatever made it: a client of clip-retrieval parses the body whatever the status. What failed inside goes
/// to the log; the sender learns only that it did.
/// </summary>
internal sealed partial class ErrorAnswers(RequestDelegate next, ILogger<ErrorAnswers> log)
{
    /// <summary>Answers a request.</summary>
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (Exception e)
        {
            if (context.RequestAborted.IsCancellationRequested) { return; } // nobody waits for the answer
            (int status, ErrorBody body) = Describe(e);
            if (status == StatusCodes.Status500InternalServerError)
            {
                Log.RequestFailed(log, context.Request.Method, context.GetEndpoint()?.DisplayName ?? "no endpoint", e);
            }
            if (context.Response.HasStarted)
            {
                context.Abort(); // the sender must not take half an answer for a whole one
                return;
            }

            context.Response.Clear();
            SecurityHeaders.Apply(context);
            await WriteAsync(context, status, body);
            return;
        }

        if (context.Response is { HasStarted: false, StatusCode: >= 400, ContentType: null, ContentLength: null or 0 })
        {
            await WriteAsync(context, context.Response.StatusCode, new ErrorBody(MessageOf(context.Response.StatusCode)));
        }
    }

    private static (int Status, ErrorBody Body) Describe(Exception e) => e switch
    {
        ApiException api => (api.Status, new ErrorBody(api.Message, api.Field)),
        BadHttpRequestException bad => (bad.StatusCode, new ErrorBody(MessageOf(bad.StatusCode))),
        OperationCanceledException => (StatusCodes.Status504GatewayTimeout, new ErrorBody("The request took longer than the service allows.")),
        _ => (StatusCodes.Status500InternalServerError, new ErrorBody("The service failed on this request; its log says why.")),
    };

    private static string MessageOf(int status) => status switch
    {
        StatusCodes.Status400BadRequest => "The browser (or proxy) sent a request that this server could not understand.",
        StatusCodes.Status404NotFound => "There is nothing at this address.",
        StatusCodes.Status405MethodNotAllowed => "The method is not allowed for the requested URL.",
        StatusCodes.Status408RequestTimeout => "The request arrived too slowly.",
        StatusCodes.Status413PayloadTooLarge => "The request is larger than the service accepts.",
        _ => ReasonPhrases.GetReasonPhrase(status) is { Length: > 0 } phrase ? phrase + "." : "The request failed.",
    };

    private static Task WriteAsync(HttpContext context, int status, ErrorBody body)
    {
        context.Response.StatusCode = status;
        if (status is StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable) { context.Response.Headers.RetryAfter = "1"; }
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.WriteAsJsonAsync(body, HttpJson.Default.ErrorBody);
    }

    private static partial class Log
    {
        [LoggerMessage(3101, LogLevel.Error, "{Method} {Endpoint} failed.")]
        public static partial void RequestFailed(ILogger log, string method, string endpoint, Exception cause);
    }
}
