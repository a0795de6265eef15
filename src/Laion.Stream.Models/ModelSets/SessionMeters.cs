using LaionStream.Models.Onnx;

namespace LaionStream.Models.ModelSets;

/// <summary>The meters of one session's parts.</summary>
/// <param name="Clip">CLIP with the heads on its embeddings.</param>
/// <param name="Scores">The models with their own towers.</param>
internal sealed record SessionMeters(SessionMeter Clip, SessionMeter Scores)
{
    /// <summary>New meters.</summary>
    /// <param name="device">The session's name.</param>
    /// <param name="threads">Threads inside it.</param>
    public static SessionMeters Of(string device, int threads) =>
        new(new SessionMeter(device, SessionMeter.ClipPart, threads), new SessionMeter(device, SessionMeter.ScoresPart, threads));
}
