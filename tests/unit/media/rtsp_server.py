"""A foreign RTSP server for tests: GStreamer's, run by the system's Python as a process of its own.

    /usr/bin/python3 rtsp_server.py --port 0 --codec h265 --picture ball

The first line on stdout is the port. With `--login` the first line of stdin is user:password, asked
for by digest. `--picture grows` changes its resolution after three seconds.
"""

import argparse
import sys

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtsp", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtsp, GstRtspServer  # noqa: E402

RATE = 15
SMALL, LARGE = (640, 360), (960, 540)
GROWS_AFTER_MS = 3_000
ENCODERS = {
    "h264": "x264enc tune=zerolatency speed-preset=ultrafast key-int-max=15 ! rtph264pay",
    "h265": "x265enc tune=zerolatency speed-preset=ultrafast key-int-max=15 ! rtph265pay",
}
PATTERNS = {"ball": "ball", "grows": "ball", "black": "black", "still": "smpte"}


def caps(size):
    """Raw video of that size."""
    return f"video/x-raw,format=I420,width={size[0]},height={size[1]},framerate={RATE}/1"


def pipeline(codec, picture):
    """What each client gets."""
    source = f"videotestsrc pattern={PATTERNS[picture]} is-live=true"
    filtered = f'capsfilter name=size caps="{caps(SMALL)}"'
    return f"( {source} ! {filtered} ! {ENCODERS[codec]} name=pay0 pt=96 config-interval=-1 )"


def grow(_factory, media):
    """A camera that is set to another resolution while somebody looks."""
    size = media.get_element().get_by_name("size")

    def change():
        size.set_property("caps", Gst.Caps.from_string(caps(LARGE)))
        return GLib.SOURCE_REMOVE

    GLib.timeout_add(GROWS_AFTER_MS, change)


def demand_login(server, factory):
    """By digest alone."""
    user, _, password = sys.stdin.readline().strip().partition(":")
    token = GstRtspServer.RTSPToken()
    token.set_string("media.factory.role", "viewer")
    auth = GstRtspServer.RTSPAuth()
    auth.set_supported_methods(GstRtsp.RTSPAuthMethod.DIGEST)
    auth.add_digest(user, password, token)
    server.set_auth(auth)
    permissions = GstRtspServer.RTSPPermissions()
    permissions.add_permission_for_role("viewer", "media.factory.access", True)
    permissions.add_permission_for_role("viewer", "media.factory.construct", True)
    factory.set_permissions(permissions)


def main():
    """Serve /live until killed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", default="0")
    parser.add_argument("--codec", choices=ENCODERS, default="h264")
    parser.add_argument("--picture", choices=PATTERNS, default="ball")
    parser.add_argument("--login", action="store_true")
    asked = parser.parse_args()
    Gst.init(None)
    server = GstRtspServer.RTSPServer()
    server.set_address("127.0.0.1")
    server.set_service(asked.port)
    factory = GstRtspServer.RTSPMediaFactory()
    factory.set_launch(pipeline(asked.codec, asked.picture))
    factory.set_shared(True)
    if asked.picture == "grows":
        factory.connect("media-configure", grow)
    if asked.login:
        demand_login(server, factory)
    server.get_mount_points().add_factory("/live", factory)
    server.attach(None)
    print(server.get_bound_port(), flush=True)
    GLib.MainLoop().run()


main()
