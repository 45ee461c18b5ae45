namespace Stackelberg.Bilevel;

/// <summary>A game is beyond what an exact method, whose work grows exponentially with the game, will take on. The message names the limit and the way out.</summary>
/// <param name="message">What is too large, the limit, and what to do instead.</param>
public sealed class GameLimitException(string message) : InvalidOperationException(message);
