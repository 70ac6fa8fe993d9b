# Generated from ash_client/_async by `make generate`; edit there.
"""Files: a session's workspace and attachments."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

from ash_client._lazy import models
from ash_client._sync.base import Base
from ash_client._wire import file_part, given, id_part, query

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class Files(Base):
    """Workspace files, whole workspaces, attachments."""

    def list_session_files(
        self, session_id: str, *, include_hidden: bool | None = None
    ) -> list[models.FileInfo]:
        """List the files in a session's workspace."""
        path = f"/api/sessions/{id_part(session_id)}/files"
        params = query(includeHidden=include_hidden)
        return self._ask_for(list[models.FileInfo], "GET", path, "files", params=params)

    def write_session_files(
        self, session_id: str, files: Sequence[Mapping[str, str]], *, target_path: str | None = None
    ) -> Any:
        """Write files into a session's workspace.

        Args:
            session_id: The session.
            files: Mappings with ``path``, ``content`` (base64) and optionally ``mimeType``.
            target_path: Folder inside the workspace.
        """
        path = f"/api/sessions/{id_part(session_id)}/files"
        body = given(files=[dict(file) for file in files], targetPath=target_path)
        return self._ask_for(Any, "POST", path, body=body)

    def get_session_file(self, session_id: str, path: str) -> bytes:
        """Get the bytes of a file in a session's workspace.

        Raises:
            NotFound: There is no such file.
        """
        url = f"/api/sessions/{id_part(session_id)}/files/{file_part(path)}"
        return (self._ask("GET", url, params=query(format="raw"))).content

    def read_session_file(self, session_id: str, path: str) -> models.FileContent:
        """Get a text file in a session's workspace with its size and where it was found."""
        url = f"/api/sessions/{id_part(session_id)}/files/{file_part(path)}"
        return self._ask_for(models.FileContent, "GET", url, params=query(format="json"))

    def delete_session_file(self, session_id: str, path: str) -> bool:
        """Delete a file in a session's workspace; True if there was one."""
        url = f"/api/sessions/{id_part(session_id)}/files/{file_part(path)}"
        return self._ask_for(bool, "DELETE", url, "deleted")

    def get_workspace(self, session_id: str) -> bytes:
        """Get a session's whole workspace, a ``tar.gz``."""
        return (self._ask("GET", f"/api/sessions/{id_part(session_id)}/workspace")).content

    def restore_workspace(self, session_id: str, bundle: bytes) -> str:
        """Replace a session's workspace by a ``tar.gz`` (at most about 100 MB); the server's message is returned."""
        path = f"/api/sessions/{id_part(session_id)}/workspace"
        body = {"bundle": base64.b64encode(bundle).decode()}
        return self._ask_for(str, "POST", path, "message", body=body)

    def create_attachment(
        self,
        session_id: str,
        filename: str,
        content: bytes,
        *,
        mime_type: str | None = None,
        message_id: str | None = None,
    ) -> models.Attachment:
        """Attach a file to a session.

        Raises:
            PayloadTooLarge: The file is larger than the server takes.
        """
        body = given(
            filename=filename,
            content=base64.b64encode(content).decode(),
            mimeType=mime_type,
            messageId=message_id,
        )
        path = f"/api/sessions/{id_part(session_id)}/attachments"
        return self._ask_for(models.Attachment, "POST", path, "attachment", body=body)

    def list_attachments(self, session_id: str) -> list[models.Attachment]:
        """List a session's attachments."""
        path = f"/api/sessions/{id_part(session_id)}/attachments"
        return self._ask_for(list[models.Attachment], "GET", path, "attachments")

    def get_attachment(self, attachment_id: str) -> bytes:
        """Get an attachment's bytes."""
        path = f"/api/attachments/{id_part(attachment_id, 'attachment id')}"
        return (self._ask("GET", path)).content

    def delete_attachment(self, attachment_id: str) -> None:
        """Delete an attachment."""
        self._ask("DELETE", f"/api/attachments/{id_part(attachment_id, 'attachment id')}")
