namespace LaionStream.Host.Verbs.Explain;

internal sealed partial class PictureExplainer
{
    private static partial class Log
    {
        [LoggerMessage(200, LogLevel.Warning, "{Image} broke the decoder in an unknown way")]
        public static partial void DecoderBroken(ILogger log, string image, Exception e);
    }
}
