using System.Runtime.CompilerServices;
using System.Text;
using LaionStream.Dataset.Rows;
using LaionStream.Engine.Candidates;
using LaionStream.Engine.Inputs.Opening;
using LaionStream.Engine.Inputs.Queue;
using LaionStream.Engine.Inputs.Records;

namespace LaionStream.Engine.Inputs.Pictures;

/// <summary>Reads a <see cref="PictureListing"/>: each line is a picture, with the files beside it. The pictures themselves are read by the download stage.</summary>
/// <param name="opener">Opens the list.</param>
/// <param name="judge">The rules.</param>
/// <param name="sidecars">Reads the files beside a picture.</param>
internal sealed class PictureListReader(IInputOpener opener, PictureJudge judge, PictureSidecars sidecars) : ICandidateReader
{
    private const int PicturesAtATime = 100;

    /// <inheritdoc/>
    public async IAsyncEnumerable<PageLinks> ReadAsync(InputFile file, InputHealth health, [EnumeratorCancellation] CancellationToken stop)
    {
        var page = new PageLinks();
        int ordinal = 0;
        foreach (ListPiece? piece in file.Pieces.DefaultIfEmpty())
        {
            if (piece?.RowsWithOutcome >= 0)
            {
                ordinal = piece.RowsWithOutcome;
                continue;
            }

            Stream stream = await opener.OpenAsync(file.Location, health, stop);
            using var lines = new StreamReader(
                new CountedStream(piece is null ? stream : PieceStream.Of(stream, piece.Start, piece.End), health), Encoding.UTF8);
            page.Reset(ordinal);
            while (await lines.ReadLineAsync(stop) is { } line)
            {
                health.Records++;
                page.Add(Judge(line, new RowKey(file.Number, ordinal++), file.Name, health));
                if (page.Count == PicturesAtATime)
                {
                    yield return page;
                    page.Reset(ordinal);
                }
            }

            if (page.Count > 0) { yield return page; }
        }
    }

    private LinkOutcome Judge(string line, RowKey key, string source, InputHealth health)
    {
        if (PictureListing.PathIn(line) is not { } path)
        {
            health.SkipRecord("a line is no path");
            return judge.Reject(key, source);
        }

        PictureTexts texts = sidecars.Read(path, out bool isDamaged);
        if (isDamaged) { health.SkipRecord($"the .txt or .json of {path} cannot be read"); }
        return judge.Judge(key, new LocalPicture(path), FileUrl.Of(path), texts, source);
    }
}
