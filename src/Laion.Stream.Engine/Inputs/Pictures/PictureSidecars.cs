using LaionStream.Engine.Inputs.Lists;

namespace LaionStream.Engine.Inputs.Pictures;

/// <summary>Reads the files beside a picture that have its name and another extension: <c>.txt</c> and <c>.json</c>.</summary>
/// <param name="choice">Keys of the <c>.json</c>.</param>
internal sealed class PictureSidecars(ListColumnChoice choice)
{
    /// <summary>What they say.</summary>
    /// <param name="picture">Path of the picture.</param>
    /// <param name="isDamaged">Whether one of them cannot be read; it is then ignored.</param>
    public PictureTexts Read(string picture, out bool isDamaged)
    {
        byte[] txt = Read(Path.ChangeExtension(picture, ".txt"), PictureTexts.MaxCaptionBytes, mayBeCut: true, out bool noText);
        byte[] json = Read(Path.ChangeExtension(picture, ".json"), PictureTexts.MaxJsonBytes, mayBeCut: false, out bool noJson);
        PictureTexts texts = PictureTexts.Of(txt, json, choice.Captions, choice.Url, out bool isNoObject);
        isDamaged = noText || noJson || isNoObject;
        return texts;
    }

    /// <summary>The bytes of a file; none when it does not exist, or has none, as a pipe: opening one would wait for its writer.</summary>
    private static byte[] Read(string path, int most, bool mayBeCut, out bool isUnreadable)
    {
        isUnreadable = false;
        try
        {
            var file = new FileInfo(path);
            if (!file.Exists || file.Length == 0) { return []; }

            isUnreadable = file.Length > most && !mayBeCut;
            if (isUnreadable) { return []; }

            byte[] bytes = new byte[Math.Min(file.Length, most)];
            using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            return bytes[..stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            isUnreadable = true;
            return [];
        }
    }
}
