using System.Security.Cryptography;
using LaionStream.Dataset.Rows;
using LaionStream.Engine.Decoding;
using LaionStream.Engine.OptOuts;
using LaionStream.Models.Heads;
using LaionStream.Models.ModelSets;
using LaionStream.Models.Pictures;
using LaionStream.Models.Pictures.Resampling;

namespace LaionStream.Host.Verbs.Explain;

/// <summary>The outcome of the decode stage and the models for a picture file. The rules of the download, such as the minimum size, are not applied.</summary>
/// <param name="options">The run's limits and picture handling.</param>
/// <param name="models">Loaded with the first picture.</param>
/// <param name="optOuts">Decides about pictures that object to their use.</param>
/// <param name="crops">Folder for crops, named by the picture's MD5; null for none.</param>
/// <param name="log">Logs pictures that break the decoder in unknown ways.</param>
internal sealed partial class PictureExplainer(ImagingOptions options, ExplainModels models, OptOutJudge optOuts, string? crops, ILogger<PictureExplainer> log)
{
    /// <summary>Explains a picture alone.</summary>
    /// <param name="path">Path of the file.</param>
    /// <param name="stop">Cancels the decode.</param>
    /// <exception cref="QuestionException">The file cannot be read.</exception>
    public async ValueTask<Answer> ExplainAsync(string path, CancellationToken stop)
    {
        SeenPicture seen = await LookAsync(path, caption: null, set: null, stop);
        return Describe(seen, seen.Reason);
    }

    /// <summary>
    /// Decodes a picture, writes its crop, and scores it if there are models. A picture refused only for its size or shape is scored nevertheless.
    /// </summary>
    /// <param name="path">Path of the file.</param>
    /// <param name="caption">Scored with it; null for none.</param>
    /// <param name="set">Output set of the caption.</param>
    /// <param name="stop">Cancels the decode.</param>
    /// <exception cref="QuestionException">The file cannot be read.</exception>
    public async ValueTask<SeenPicture> LookAsync(string path, string? caption, string? set, CancellationToken stop)
    {
        byte[] body = await ReadAsync(path, stop);
        using ImageExplanation picture = Decode(path, body, models.PixelSpecs, stop);
        string? crop = picture.Inputs.Count == 0 ? null : WriteCrop(picture);
        var seen = new SeenPicture(picture, crop, picture.Reason ?? DropReason.None, null);
        return models.Set is { } loaded && picture.Inputs.Count > 0 ? Score(seen, loaded, caption, set, stop) : seen;
    }

    /// <summary>Describes the result.</summary>
    /// <param name="seen">The picture.</param>
    /// <param name="reason">Why the row would be dropped.</param>
    public Answer Describe(SeenPicture seen, DropReason reason)
    {
        ImageExplanation picture = seen.Picture;
        var answer = new Answer
        {
            { "format", picture.Format },
            { "width", picture.Width },
            { "height", picture.Height },
            { "reason", reason },
            { "md5", picture.Md5 },
            { "phash", picture.PHash },
        };
        if (picture.Objections.Count > 0) { answer.Add("signals", picture.Objections.Select(signal => signal.Name()).ToArray()); }
        if (crops is not null) { answer.Add("crop", seen.Crop); }
        if (models.Set is not { } loaded) { return answer; }

        answer.Add("NSFW", seen.Scores?.Nsfw);
        for (int place = 0; place < loaded.Scores.Columns.Count; place++) { answer.Add(loaded.Scores.Columns[place].Name, seen.Scores?[place]); }

        return answer;
    }

    private static async Task<byte[]> ReadAsync(string path, CancellationToken stop)
    {
        try
        {
            return await File.ReadAllBytesAsync(path, stop);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new QuestionException($"the picture cannot be read: {e.Message}", e);
        }
    }

    private ImageExplanation Decode(string path, byte[] body, IReadOnlyList<PixelSpec> specs, CancellationToken stop)
    {
        try
        {
            return new ImageExplainer(options, specs, optOuts).Explain(body, stop);
        }
        catch (Exception e) when (e is not (OperationCanceledException or DllNotFoundException))
        {
            // As in the decode stage, such a picture is an outcome of the row and never ends the others.
            Log.DecoderBroken(log, path, e);
            return new ImageExplanation(null, 0, 0, 1, DropReason.Poison, Convert.ToHexStringLower(MD5.HashData(body)), null, []);
        }
    }

    private string? WriteCrop(ImageExplanation picture)
    {
        if (crops is null) { return null; }
        string path = Path.Combine(crops, picture.Md5 + ".png");
        using FileStream file = File.Create(path);
        PngFile.Write(file, picture.Inputs[0].Rgb, picture.Inputs[0].Width, picture.Inputs[0].Height);
        return path;
    }

    private static SeenPicture Score(SeenPicture seen, ModelSet models, string? caption, string? set, CancellationToken stop)
    {
        Scores? scores = models.Devices[0].Score([new ScoreRequest(seen.Picture.Inputs, caption, set is null or "en")], stop)[0];
        return scores is not null
            ? seen with { Scores = scores }
            : seen with { Reason = seen.Reason == DropReason.None ? DropReason.ModelFailed : seen.Reason };
    }
}
