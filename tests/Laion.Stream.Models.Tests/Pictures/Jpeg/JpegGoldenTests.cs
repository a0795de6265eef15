using System.Security.Cryptography;
using LaionStream.Models.Pictures.Jpeg;

namespace LaionStream.Models.Tests.Pictures.Jpeg;

/// <summary>Small pictures of our own (23 x 19 pixels), encoded by cjpeg, with the digest of the pixels from djpeg 2.1.5.</summary>
public sealed class JpegGoldenTests
{
    public static TheoryData<string, string, string> Pictures => new()
    {
        {
            "baseline 4:2:0",
            "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAA0JCgsKCA0LCgsODg0PEyAVExISEyccHhcgLikxMC4pLSwzOko+MzZGNywtQFdBRkxOUlNSMj5aYVpQYEpRUk//2wBDAQ4ODhMREyYVFSZP" +
            "NS01T09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT0//wAARCAATABcDASIAAhEBAxEB/8QAGAABAAMBAAAAAAAAAAAAAAAAAAQFBgf/xAAnEAAB" +
            "AgYBAwQDAAAAAAAAAAABABECAwQFEjEhExRRFSIjYTOhsf/EABgBAAMBAQAAAAAAAAAAAAAAAAIDBAAB/8QAGxEAAgIDAQAAAAAAAAAAAAAAAAECMRIhQTL/2gAMAwEAAhEDEQA/AM1D" +
            "Vd9TwShJwaPJ8n8/S19gs7Ucu4mb+MmZ08N4nT/beFDt1t9FxqhF18vjxbHfLvz4/auqWDvq8R4dMTIoQ224AUllRbGoirxL+Ey8QW9z7ZFa0dL2YMIizy2WbSI8F1i3NcOZWuCEgOF0" +
            "S0QgWGWAOMIv6URch6NOibTgY6RERxWhbs//2Q==",
            "f642cbd42db80afe14c0a56851c5d56eb9e0457379b8df21d4082fa5d969e89d"
        },
        {
            "baseline 4:2:2 with restarts",
            "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAA0JCgsKCA0LCgsODg0PEyAVExISEyccHhcgLikxMC4pLSwzOko+MzZGNywtQFdBRkxOUlNSMj5aYVpQYEpRUk//2wBDAQ4ODhMREyYVFSZP" +
            "NS01T09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT0//wAARCAATABcDASEAAhEBAxEB/8QAGQAAAwADAAAAAAAAAAAAAAAAAAYHAgQF/8QAJxAA" +
            "AQIGAQMEAwAAAAAAAAAAAQIRAAMEBRIxIRMUURUiI2EzobH/xAAWAQEBAQAAAAAAAAAAAAAAAAAEAwL/xAAaEQACAwEBAAAAAAAAAAAAAAAAAQIRIRIx/90ABAAB/9oADAMBAAIRAxEA" +
            "PwBaTVd9TolCTgy8nyfz9Q32CztRy7iZv4yZnTw3idP9t4gjFH//0G41Cq8S/hMvEFvc+2ggdCaP/9HG3W30XGqCuvl8eLY75d+fH7jtUqO+rwvDpiYpIbbcAQNaJP/SodHS9mCkKzy2" +
            "WbUES6cco09dn//T1bWhJAcRRLQkCwywBxgr+mDQWlp+H//Uo9OBjqCIRSo1J6f/2Q==",
            "4ab44b1ecc0779f3d02d39b104db8f7e5e8f85a4e87b100d34d6d3b4e778dd61"
        },
        {
            "baseline 4:4:0",
            "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAA0JCgsKCA0LCgsODg0PEyAVExISEyccHhcgLikxMC4pLSwzOko+MzZGNywtQFdBRkxOUlNSMj5aYVpQYEpRUk//2wBDAQ4ODhMREyYVFSZP" +
            "NS01T09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT0//wAARCAATABcDARIAAhEBAxEB/8QAGAAAAgMAAAAAAAAAAAAAAAAAAAQFBgf/xAAnEAAB" +
            "AgYBAwQDAAAAAAAAAAABAhEAAwQFEjEhExRRFSIjYTOhsf/EABgBAAMBAQAAAAAAAAAAAAAAAAACAwQB/8QAHBEAAgIDAQEAAAAAAAAAAAAAAAECMRESMiFS/9oADAMBAAIRAxEAPwCt" +
            "Jqu+p0ShJwZeT5P5+osdutvouNUFdfL48Wx3y78+P3GTJqyOWCztRy7iZv4yZnTw3idP9t4h6lR31eF4dMTFJDbbgCBWD8RLGoVXiX8Jl4gt7n20StHS9mCkKzy2WbUPp9E9kqMytaEk" +
            "BxBE5UM6NEtCQLDLAHGCv6YItHknPodpwMdQQsDkmf/Z",
            "884c36bfb1d98f76bdbb7692f7b53a8680201b64f674ec6ba7a117453db284b1"
        },
        {
            "progressive 4:4:4",
            "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAA0JCgsKCA0LCgsODg0PEyAVExISEyccHhcgLikxMC4pLSwzOko+MzZGNywtQFdBRkxOUlNSMj5aYVpQYEpRUk//2wBDAQ4ODhMREyYVFSZP" +
            "NS01T09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT0//wgARCAATABcDAREAAhEBAxEB/8QAFwABAQEBAAAAAAAAAAAAAAAABQYDBP/EABcBAQEB" +
            "AQAAAAAAAAAAAAAAAAIAAQP/2gAMAwEAAhADEAAAATOXVjMSoeu21ViZComdjn//xAAaEAADAQEBAQAAAAAAAAAAAAAAAgMSIhMz/9oACAEBAAEFAtbWEeNbJz8Re3RcEiXwU//EABgR" +
            "AAMBAQAAAAAAAAAAAAAAAAABEBEx/9oACAEDAQE/AZlb2Poz/8QAGBEAAwEBAAAAAAAAAAAAAAAAAAExECD/2gAIAQIBAT8B5mKCP//EAB0QAAIBBAMAAAAAAAAAAAAAAAARAQMQITES" +
            "QVH/2gAIAQEABj8CSIqPWURhHLfR47xb/8QAHBAAAgMBAAMAAAAAAAAAAAAAABEBITFRYZGh/9oACAEBAAE/IYWpt6fIBwbleSm98YRvVkGJtkII+qTB/9oADAMBAAIAAwAAABCMFYD/" +
            "AP/EABkRAQEAAwEAAAAAAAAAAAAAAAEAEBExIf/aAAgBAwEBPxC1EeT4bwHk4m//xAAZEQEBAAMBAAAAAAAAAAAAAAABABARITH/2gAIAQIBAT8QeWp0wx1xfIdRL//EAB0QAAICAwEB" +
            "AQAAAAAAAAAAAAERACExUWFBocH/2gAIAQEAAT8QQdN1t8iicx2Ww+rUINiCssqVDiPVt3r7EtYBZVARAhtFLEKAYggACv2MAeJ//9k=",
            "1ea2f8525876cd7e475520763ce4fc82858a41a58fda77d9442aeb81efcf7b9a"
        },
        {
            "progressive 4:2:0 with restarts",
            "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAA0JCgsKCA0LCgsODg0PEyAVExISEyccHhcgLikxMC4pLSwzOko+MzZGNywtQFdBRkxOUlNSMj5aYVpQYEpRUk//2wBDAQ4ODhMREyYVFSZP" +
            "NS01T09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT0//wgARCAATABcDASIAAhEBAxEB/8QAGAABAAMBAAAAAAAAAAAAAAAAAAMEBQb/xAAVAQEB" +
            "AAAAAAAAAAAAAAAAAAACA//dAAQAAv/aAAwDAQACEAMQAAABzNiG7GttaI//0IuiJOYI/wD/xAAaEAADAQEBAQAAAAAAAAAAAAAAAgMSIhMz/9oACAEBAAEFAtbWEeP/0NbJz8T/0V7d" +
            "Fwf/0pEvh//TU//EABcRAQADAAAAAAAAAAAAAAAAAAABEBH/2gAIAQMBAT8Ba//Qmv/EABcRAQEBAQAAAAAAAAAAAAAAAAABETH/2gAIAQIBAT8BY//QnUf/xAAdEAACAQQDAAAAAAAA" +
            "AAAAAAAAEQEDECExEkFR/9oACAEBAAY/AkiKj1lH/9CMI5b6P//R8dv/0iD/0z//xAAcEAACAwEAAwAAAAAAAAAAAAAAEQEhMVFhkaH/2gAIAQEAAT8hham3p8gHD//QbleSm98Yf//R" +
            "jerIMTbP/9KEEfVJ/9PB/9oADAMBAAIAAwAAABCIz//QC8//xAAXEQEBAQEAAAAAAAAAAAAAAAAAATFB/9oACAEDAQE/EFnj/9DK6//EABkRAQACAwAAAAAAAAAAAAAAAAABESExQf/a" +
            "AAgBAgEBPxDavZf/0FDD/8QAHRAAAgIDAQEBAAAAAAAAAAAAAREAITFRYUGhwf/aAAgBAQABPxBB03W3yKJzHZbD6tT/0CDYgrLKlQ4j1bd6+z//0UtYBZVARAhtFLE//9IoBiCAAK/Y" +
            "z//TAeJ//9k=",
            "f642cbd42db80afe14c0a56851c5d56eb9e0457379b8df21d4082fa5d969e89d"
        },
        {
            "grey",
            "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAA0JCgsKCA0LCgsODg0PEyAVExISEyccHhcgLikxMC4pLSwzOko+MzZGNywtQFdBRkxOUlNSMj5aYVpQYEpRUk//wAALCAATABcBAREA/8QA" +
            "FwABAQEBAAAAAAAAAAAAAAAABgcEBf/EACcQAAECBgEDBAMAAAAAAAAAAAECEQADBAUSMSETFFEVIiNhM6Gx/9oACAEBAAA/ADSarvqdEoScGXk+T+fqF9gs7Ucu4mb+MmZ08N4nT/be" +
            "ISGoVXiX8Jl4gt7n20D7dbfRcaoK6+Xx4tjvl358fuO1So76vC8OmJikhttwBCujpezBSFZ5bLNqJla0JIDiKJaEgWGWAOMFf0xtpwMdR//Z",
            "6bfc06d67d55ceb0e4f122300e1a759189765ce85c2f30a5c526e2e46119fe6e"
        },
        {
            "RGB",
            "/9j/7gAOQWRvYmUAZAAAAAAA/9sAQwANCQoLCggNCwoLDg4NDxMgFRMSEhMnHB4XIC4pMTAuKS0sMzpKPjM2RjcsLUBXQUZMTlJTUjI+WmFaUGBKUVJP/8AAEQgAEwAXA1IRAEcRAEIR" +
            "AP/EABgAAQEBAQEAAAAAAAAAAAAAAAYHBQQD/8QAMRAAAQIFAgQCCQUAAAAAAAAAAQIRAAMEBRIhMRMUUWEVIwYWIjNBgZGx0TJCofDx/9oADANSAEcAQgAAPwDJTVivkJlCQJYSvLLJ" +
            "237QWRVc/TolcHBl5vk7s/aA3N85JRJErEhYU4U/wI6QusFmIo5VyMz3ZMzh4vlidnf4tDGwWhqRFxM73ZK+FhuEnZ+7dIXej9lApJdw4j8N5mGDE4nZ37dIRiaquSg8EoAB/c8JDUqr" +
            "xL8kyygEhlO7tCNc/wARTKaVhgFbqJd27QQt9u8FSmqy4+fl4kY93fXpA+22w2Upqgoz8vLKf076u+vT+YHWy3eDK5rITwv2MWx7u+vSNuQnnKzilGAmEBt2+H4jYpEc9cErCOEJi0hh" +
            "q2gHz6xt0UsV9zCsRL4ykp11bYfOEVPIEhOI1f5QuoaPkgUhQWV7lm2/2G9HSm0+Wh53F7Ys316xObalOCPZGjRMbShJOodx+Yk1vloEpBxDw+toCbTLA2xP3MUWzJA9H5YA0wV9zFPs" +
            "UtHqyC28tYP1VHXL1QDHfTJAToI97dLRifZH9Ef/2Q==",
            "21e9f0b329047a243b91391daa613d843a57222df2ce749f939b123230268bcf"
        },
        {
            "4:1:1",
            "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAA0JCgsKCA0LCgsODg0PEyAVExISEyccHhcgLikxMC4pLSwzOko+MzZGNywtQFdBRkxOUlNSMj5aYVpQYEpRUk//2wBDAQ4ODhMREyYVFSZP" +
            "NS01T09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT0//wAARCAATABcDAUEAAhEBAxEB/8QAGAABAQEBAQAAAAAAAAAAAAAABgAHBAX/xAAnEAAB" +
            "AgYBAwQDAAAAAAAAAAABAhEAAwQFEjEhExRRFSIjYTOhsf/EABYBAQEBAAAAAAAAAAAAAAAAAAIEAP/EABoRAAICAwAAAAAAAAAAAAAAAAABAhEDITH/2gAMAwEAAhEDEQA/ADSarvqd" +
            "EoScGXk+T+fqF9gs7Ucu4mb+MmZ08N4nT/beISGoVXiX8Jl4gt7n20USMpoH262+i41QV18vjxbHfLvz4/ce1So76vC8OmJikhttwBCujpezBSFZ5bLNqKHB1sGTlGZWtCSA4jRLQkCw" +
            "ywBxgr+mO2nAx1FGikGbP//Z",
            "02b82fde5abb6b9336d04e74d791cdafda97a6b6bf115572fceb7488caa43ad5"
        },
    };

    [Theory]
    [MemberData(nameof(Pictures))]
    public void Decode_OwnPicture_GivesTheKnownPixels(string manner, string file, string digest)
    {
        using JpegPicture picture = JpegDecoder.Decode(Convert.FromBase64String(file), JpegLimits.Default, default);

        Assert.Equal((23, 19), (picture.Width, picture.Height));
        Assert.Empty(picture.Warnings.All);
        Assert.True(digest == Convert.ToHexStringLower(SHA256.HashData(MadeJpeg.PixelsOf(picture))), manner);
    }

    [Theory]
    [MemberData(nameof(Pictures))]
    public void ReadRows_StripsOfAnyHeight_GiveTheKnownPixels(string manner, string file, string digest)
    {
        for (int height = 1; height <= 20; height++)
        {
            using JpegDecoder decoder = JpegDecoder.Open(Convert.FromBase64String(file), JpegLimits.Default);
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var strip = new byte[decoder.Stride * height];
            for (int rows = decoder.ReadRows(strip, default); rows > 0; rows = decoder.ReadRows(strip, default))
            {
                hash.AppendData(strip, 0, rows * decoder.Stride);
            }
            Assert.Equal(0, decoder.RowsLeft);
            Assert.True(digest == Convert.ToHexStringLower(hash.GetHashAndReset()), $"{manner}, strips of {height}");
        }
    }

    [Theory]
    [MemberData(nameof(Pictures))]
    public void Decode_TruncatedAnywhere_IsCompleteOnlyWithoutTheEndMarker(string manner, string file, string digest)
    {
        byte[] whole = Convert.FromBase64String(file);
        for (int length = 0; length < whole.Length; length++)
        {
            try
            {
                using JpegPicture picture = JpegDecoder.Decode(whole.AsMemory(0, length), JpegLimits.Default, default);
                bool same = digest == Convert.ToHexStringLower(SHA256.HashData(MadeJpeg.PixelsOf(picture)));
                Assert.False(picture.Warnings.PixelsWhole && !same, $"{manner}, {length} of {whole.Length} bytes");
                Assert.True(picture.Warnings.All.Count > 0);
            }
            catch (JpegException e)
            {
                Assert.InRange(e.Offset, 0, length);
            }
        }
    }
}
