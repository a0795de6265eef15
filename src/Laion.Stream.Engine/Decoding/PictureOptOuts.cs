using LaionStream.Dataset.Rows;
using LaionStream.Engine.OptOuts;
using LaionStream.Models.Pictures.Metadata;

namespace LaionStream.Engine.Decoding;

/// <summary>Decides by what a picture file itself says about its use, before it is decoded.</summary>
internal static class PictureOptOuts
{
    /// <summary>What the file objects to.</summary>
    /// <param name="file">The whole file.</param>
    public static OptOutFindings Find(ReadOnlyMemory<byte> file)
    {
        PictureStatement statement = PictureStatement.Of(file);
        return default(OptOutFindings)
            .With(OptOutSignal.XmpDataMining, statement.ProhibitsMining)
            .With(OptOutSignal.C2paTrainingMining, statement.ForbidsTraining);
    }
}
