namespace LaionStream.Engine.Tests.Download;

/// <summary>Answers every request by one delegate.</summary>
internal sealed class LambdaWeb(Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>> answer) : HttpMessageHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        answer(request, cancellationToken);
}
