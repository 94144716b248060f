"""WineBox as it stands on the internet: behind a proxy that speaks TLS, both of them real."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.deploy.proxies import NAMES, Proxy, free_proxy, running
from tests.engines import free_port
from tests.winebox.process import KEY, Site, environment, manage, serving


@dataclass
class Household:
    proxy: Proxy
    site: Site


@pytest.fixture(scope="package")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("behind")
    assert manage("setup", env=environment(folder, SECRET_KEY=KEY)).returncode == 0
    return folder


@pytest.fixture(scope="package", params=NAMES)
def household(request: Any, installation: Path) -> Iterator[Household]:
    proxy = free_proxy(request.param, installation / request.param)
    env = environment(installation, SECRET_KEY=KEY, SITE_URL=proxy.url, LOG_FORMAT="json")
    with serving(installation / request.param, env, port=free_port()) as site, running(proxy, upstream=site.address):
        yield Household(proxy, site)
