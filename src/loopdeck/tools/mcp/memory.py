"""What is noted during one login, in memory: it is kept once all went well."""

from mcp.client.auth import TokenStorage
from mcp.shared.auth import OAuthClientInformationFull, OAuthToken


class Memory(TokenStorage):
    """Begins with who Loopdeck is there, if that is known."""

    def __init__(self, client: OAuthClientInformationFull | None = None) -> None:
        self._client = client
        self._tokens: OAuthToken | None = None

    async def get_tokens(self) -> OAuthToken | None:
        """The tokens of this login."""
        return self._tokens

    async def set_tokens(self, tokens: OAuthToken) -> None:
        """Note them."""
        self._tokens = tokens

    async def get_client_info(self) -> OAuthClientInformationFull | None:
        """Who Loopdeck is there."""
        return self._client

    async def set_client_info(self, client_info: OAuthClientInformationFull) -> None:
        """Note that."""
        self._client = client_info
