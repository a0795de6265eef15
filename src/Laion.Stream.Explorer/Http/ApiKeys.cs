using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace LaionStream.Explorer.Http;

/// <summary>The keys that requests must carry, one a line of a file; without a file every request passes.</summary>
internal sealed class ApiKeys
{
    private readonly byte[][] _digests;

    /// <summary>Reads the keys.</summary>
    /// <param name="file">The file; null for none. Empty lines and those that start with <c>#</c> are skipped.</param>
    /// <exception cref="InvalidDataException">It holds no key, or one of less than 16 characters.</exception>
    public ApiKeys(string? file)
    {
        if (string.IsNullOrEmpty(file))
        {
            _digests = [];
            return;
        }

        string[] keys = [.. File.ReadLines(file).Select(line => line.Trim()).Where(line => line.Length > 0 && line[0] != '#')];
        if (keys.Length == 0) { throw new InvalidDataException($"'{file}' holds no key: one a line is wanted."); }
        if (keys.Any(key => key.Length < 16)) { throw new InvalidDataException($"'{file}' holds a key of less than 16 characters."); }
        _digests = [.. keys.Select(Digest)];
    }

    /// <summary>Whether requests must carry a key.</summary>
    public bool AreAsked => _digests.Length > 0;

    /// <summary>Finds a request's key.</summary>
    /// <returns>Its number, −1 when it has no valid one.</returns>
    public int Find(HttpRequest request)
    {
        string? given = request.Headers["X-API-Key"].ToString();
        string header = request.Headers.Authorization.ToString();
        if (string.IsNullOrEmpty(given) && header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)) { given = header[7..].Trim(); }

        // Digests of one length are compared, each whole and all of them, so that the time tells nothing about a key.
        byte[] digest = Digest(given ?? "");
        int found = -1;
        for (int i = 0; i < _digests.Length; i++)
        {
            if (CryptographicOperations.FixedTimeEquals(digest, _digests[i])) { found = i; }
        }

        return found;
    }

    private static byte[] Digest(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
