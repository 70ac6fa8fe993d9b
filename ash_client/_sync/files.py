# Generated from ash_client/_async by `make generate`; edit there.
"""Files: a session's workspace and attachments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ash_client._lazy import models
from ash_client._options import operation
from ash_client._sync.base import FAULTS, Base
from ash_client._wire.arguments import file_part, given, id_part, id_text, query
from ash_client._wire.failures import transport_error
from ash_client._wire.save import Saving
from ash_client._wire.upload import batches, decoded_size, named_uploads, upload
from ash_client._wire.written import all_written, note_written
from ash_client.errors import AshError

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping
    from pathlib import Path
    from typing import Unpack

    from ash_client._options import Id, RequestOptions, SessionId
    from ash_client._wire.upload import Content, FileContents

# The server's own limits for one request (0.2.0, packages/server/src/routes/files.ts).
MOST_FILES_A_WRITE = 500
MOST_BYTES_A_WRITE = 100 * 1024 * 1024


class Files(Base):
    """Workspace files, whole workspaces, attachments."""

    @operation("files", "list")
    def list_session_files(
        self,
        session_id: SessionId,
        *,
        include_hidden: bool | None = None,
        **request: Unpack[RequestOptions],
    ) -> list[models.FileInfo]:
        """List the files in a session's workspace."""
        path = f"/api/sessions/{id_part(session_id)}/files"
        params = query(includeHidden=include_hidden)
        return self._ask_for(list[models.FileInfo], "GET", path, "files", params=params, **request)

    @operation("files", "write", raw=False)
    def write_session_files(
        self,
        session_id: SessionId,
        files: FileContents,
        *,
        target_path: str | None = None,
        **request: Unpack[RequestOptions],
    ) -> list[models.WrittenFile]:
        """Write files into a session's workspace.

        They are encoded here, and files named by a ``Path`` are read while they are sent. More than 500 files or
        100 MiB go up in several requests. A file may have 50 MiB.

        Args:
            session_id: The session.
            files: Each file's content by its path in the workspace: bytes, text (UTF-8), or a ``Path`` to read.
            target_path: Folder inside the workspace.

        Raises:
            FilesRefused: The server did not write some of them; the error tells which, why, and what was written.
            InvalidArgument: A content is none, or a file cannot be read.
        """
        path = f"/api/sessions/{id_part(session_id)}/files"
        told: list[models.WrittenFile] = []
        uploads = named_uploads(files)
        for batch in batches(uploads, MOST_BYTES_A_WRITE, decoded_size, MOST_FILES_A_WRITE):
            body = given(files=batch, targetPath=target_path)
            try:
                told += self._ask_for(
                    list[models.WrittenFile], "POST", path, "files", body=body, **request
                )
            except AshError as error:
                note_written(error, told)
                raise
        return all_written(told)

    @operation("files", "get")
    def get_session_file(
        self, session_id: SessionId, path: str, **request: Unpack[RequestOptions]
    ) -> bytes:
        """Get the bytes of a file in a session's workspace.

        Raises:
            NotFound: There is no such file.
        """
        url = f"/api/sessions/{id_part(session_id)}/files/{file_part(path)}"
        return (self._ask("GET", url, params=query(format="raw"), **request)).content

    @operation("files", "download", raw=False)
    def download_session_file(
        self,
        session_id: SessionId,
        path: str,
        target: str | os.PathLike[str],
        **request: Unpack[RequestOptions],
    ) -> Path:
        """Save a file of a session's workspace on this machine, piece by piece, and return where it is.

        Args:
            session_id: The session.
            path: The file's path in the workspace.
            target: The file to write, or a folder to write it into. It appears when it is whole.

        Raises:
            NotFound: There is no such file.
            InvalidArgument: The target cannot be written.
        """
        url = f"/api/sessions/{id_part(session_id)}/files/{file_part(path)}"
        name = path.rpartition("/")[2]
        return self._download(url, target, name, params=query(format="raw"), **request)

    @operation("files", "read")
    def read_session_file(
        self, session_id: SessionId, path: str, **request: Unpack[RequestOptions]
    ) -> models.FileContent:
        """Get a text file in a session's workspace with its size and where it was found."""
        url = f"/api/sessions/{id_part(session_id)}/files/{file_part(path)}"
        return self._ask_for(models.FileContent, "GET", url, params=query(format="json"), **request)

    @operation("files", "delete")
    def delete_session_file(
        self, session_id: SessionId, path: str, **request: Unpack[RequestOptions]
    ) -> bool:
        """Delete a file in a session's workspace; True if there was one."""
        url = f"/api/sessions/{id_part(session_id)}/files/{file_part(path)}"
        return self._ask_for(bool, "DELETE", url, "deleted", **request)

    @operation("workspaces", "get")
    def get_workspace(self, session_id: SessionId, **request: Unpack[RequestOptions]) -> bytes:
        """Get a session's whole workspace, a ``tar.gz``."""
        return (
            self._ask("GET", f"/api/sessions/{id_part(session_id)}/workspace", **request)
        ).content

    @operation("workspaces", "download", raw=False)
    def download_workspace(
        self,
        session_id: SessionId,
        target: str | os.PathLike[str],
        **request: Unpack[RequestOptions],
    ) -> Path:
        """Save a session's whole workspace, a ``tar.gz``, on this machine; return where it is.

        Args:
            session_id: The session.
            target: The file to write, or a folder to write ``SESSION_ID.tar.gz`` into.
        """
        url = f"/api/sessions/{id_part(session_id)}/workspace"
        return self._download(url, target, f"{id_text(session_id)}.tar.gz", **request)

    @operation("workspaces", "restore")
    def restore_workspace(
        self, session_id: SessionId, bundle: Content, **request: Unpack[RequestOptions]
    ) -> str:
        """Replace a session's workspace by a ``tar.gz``; the server's message is returned.

        Args:
            session_id: The session.
            bundle: The archive: its bytes, or a ``Path`` to read (at most about 100 MB).
        """
        path = f"/api/sessions/{id_part(session_id)}/workspace"
        body = {"bundle": upload(bundle, "bundle")}
        return self._ask_for(str, "POST", path, "message", body=body, **request)

    @operation("attachments", "create")
    def create_attachment(
        self,
        session_id: SessionId,
        filename: str,
        content: Content,
        *,
        mime_type: str | None = None,
        message_id: Id | None = None,
        **request: Unpack[RequestOptions],
    ) -> models.Attachment:
        """Attach a file to a session.

        Args:
            session_id: The session.
            filename: The name to keep it under.
            content: Bytes, text (UTF-8), or a ``Path`` to read.
            mime_type: Its type (default ``application/octet-stream``).
            message_id: The message it belongs to.

        Raises:
            PayloadTooLarge: The file is larger than the server takes.
        """
        body = given(
            filename=filename,
            content=upload(content, "content"),
            mimeType=mime_type,
            messageId=message_id,
        )
        path = f"/api/sessions/{id_part(session_id)}/attachments"
        return self._ask_for(models.Attachment, "POST", path, "attachment", body=body, **request)

    @operation("attachments", "list")
    def list_attachments(
        self, session_id: SessionId, **request: Unpack[RequestOptions]
    ) -> list[models.Attachment]:
        """List a session's attachments."""
        path = f"/api/sessions/{id_part(session_id)}/attachments"
        return self._ask_for(list[models.Attachment], "GET", path, "attachments", **request)

    @operation("attachments", "get")
    def get_attachment(self, attachment_id: Id, **request: Unpack[RequestOptions]) -> bytes:
        """Get an attachment's bytes."""
        path = f"/api/attachments/{id_part(attachment_id, 'attachment id')}"
        return (self._ask("GET", path, **request)).content

    @operation("attachments", "download", raw=False)
    def download_attachment(
        self, attachment_id: Id, target: str | os.PathLike[str], **request: Unpack[RequestOptions]
    ) -> Path:
        """Save an attachment on this machine, piece by piece; return where it is.

        Args:
            attachment_id: The attachment.
            target: The file to write, or a folder to write it into under the attachment's id.
        """
        url = f"/api/attachments/{id_part(attachment_id, 'attachment id')}"
        return self._download(url, target, id_text(attachment_id), **request)

    @operation("attachments", "delete")
    def delete_attachment(self, attachment_id: Id, **request: Unpack[RequestOptions]) -> None:
        """Delete an attachment."""
        self._ask(
            "DELETE", f"/api/attachments/{id_part(attachment_id, 'attachment id')}", **request
        )

    def _download(
        self,
        url: str,
        target: str | os.PathLike[str],
        name: str,
        *,
        params: Mapping[str, str] | None = None,
        **request: Unpack[RequestOptions],
    ) -> Path:
        saving = Saving(target, name)
        response = self._begin("GET", url, params=params, **request)
        try:
            with saving as file:
                for piece in response.iter_bytes():
                    file.write(piece)
        except FAULTS as error:
            raise transport_error(error, f"GET {url}", self._server_url) from error
        finally:
            response.close()
        return saving.path
